"""Well-known images: what they are for, where they keep data, and on which ports they listen.

Sources: the pages of the official images, as of November 2026.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Use = Literal["datastore", "proxy", "agent", ""]


class Product(NamedTuple):
    """A product by its usual name; `data` are the folders that must outlive the container."""

    name: str
    use: Use
    data: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()


_POSTGRES = ("/var/lib/postgresql",)
PRODUCTS: dict[str, Product] = {
    product.name: product
    for product in (
        Product("postgres", "datastore", _POSTGRES, (5432,)),
        Product("postgresql", "datastore", ("/bitnami/postgresql", *_POSTGRES), (5432,)),
        Product("postgis", "datastore", _POSTGRES, (5432,)),
        Product("timescaledb", "datastore", _POSTGRES, (5432,)),
        Product("pgvector", "datastore", _POSTGRES, (5432,)),
        Product("mysql", "datastore", ("/var/lib/mysql", "/bitnami/mysql"), (3306,)),
        Product("mariadb", "datastore", ("/var/lib/mysql", "/bitnami/mariadb"), (3306,)),
        Product("mysql-server", "datastore", ("/var/lib/mysql",), (3306,)),
        Product("percona", "datastore", ("/var/lib/mysql",), (3306,)),
        Product("mongo", "datastore", ("/data/db",), (27017,)),
        Product("mongodb", "datastore", ("/bitnami/mongodb", "/data/db"), (27017,)),
        Product("mongodb-community-server", "datastore", ("/data/db",), (27017,)),
        Product("couchdb", "datastore", ("/opt/couchdb/data",), (5984,)),
        Product("neo4j", "datastore", ("/data",), (7474, 7687)),
        Product("influxdb", "datastore", ("/var/lib/influxdb2", "/var/lib/influxdb"), (8086,)),
        Product("cassandra", "datastore", ("/var/lib/cassandra",), (9042,)),
        Product("clickhouse-server", "datastore", ("/var/lib/clickhouse",), (8123, 9000)),
        Product("redis", "datastore", ("/data", "/bitnami/redis"), (6379,)),
        Product("redis-stack", "datastore", ("/data",), (6379,)),
        Product("redis-stack-server", "datastore", ("/data",), (6379,)),
        Product("redismod", "datastore", ("/data",), (6379,)),
        Product("valkey", "datastore", ("/data", "/bitnami/valkey"), (6379,)),
        Product("keydb", "datastore", ("/data",), (6379,)),
        Product("memcached", "datastore", (), (11211,)),
        Product("rabbitmq", "datastore", ("/var/lib/rabbitmq",), (5672, 15672)),
        Product("elasticsearch", "datastore", ("/usr/share/elasticsearch/data",), (9200,)),
        Product("opensearch", "datastore", ("/usr/share/opensearch/data",), (9200,)),
        Product("kafka", "datastore", (), (9092,)),
        Product("zookeeper", "datastore", (), (2181,)),
        Product("nats", "datastore", (), (4222,)),
        Product("minio", "datastore", ("/data",), (9000, 9001)),
        Product("nginx", "proxy", (), (80,)),
        Product("nginx-unprivileged", "proxy", (), (8080,)),
        Product("openresty", "proxy", (), (80,)),
        Product("nginx-proxy", "proxy", (), (80, 443)),
        Product("traefik", "proxy", (), (80, 443, 8080)),
        Product("caddy", "proxy", (), (80, 443)),
        Product("haproxy", "proxy"),
        Product("envoy", "proxy"),
        Product("httpd", "proxy", (), (80,)),
        Product("varnish", "proxy", (), (80,)),
        *(
            Product(name, "agent")
            for name in (
                "prometheus grafana loki promtail alloy alertmanager node-exporter jaeger "
                "opentelemetry-collector opentelemetry-collector-contrib fluentd fluent-bit vector "
                "cloud-sql-proxy vault consul busybox alpine curl datadog-agent telegraf netdata "
                "portainer watchtower autoheal dozzle cadvisor docker-gen docker-socket-proxy "
                "pgbouncer adminer pgadmin4 mailhog mailpit maildev"
            ).split()
        ),
    )
}
SERVERS_OF_DATA = frozenset(
    "postgres postgresql postgis timescaledb pgvector mysql mysql-server mariadb percona mongo "
    "mongodb mongodb-community-server couchdb neo4j influxdb cassandra clickhouse-server "
    "elasticsearch opensearch rabbitmq".split()
)
"""Data stores whose data nobody can do without; the others are caches unless told otherwise."""

DATABASE_PORTS = frozenset((5432, 3306, 27017, 6379, 11211, 9200, 5672))
"""Ports on which nothing else than a data store is expected, whatever image is behind them."""


def base_name(reference: str) -> str:
    """The last part of an image's name, without tag and digest."""
    return reference.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()


def product_of(reference: str) -> Product | None:
    """The product that an image holds, by its name; None for anything unknown."""
    name = base_name(reference)
    found = PRODUCTS.get(name)
    if found is None and name.endswith("-exporter"):
        return Product(name, "agent")
    return found
