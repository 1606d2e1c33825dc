"""Names that Flask and Werkzeug dropped, and since when.

Each import was tried with Flask 3.1.3 and Werkzeug 3.1.9 in November 2026; the versions are those
of the change logs.
"""

REMOVED: dict[str, tuple[str, str]] = {
    "flask.Markup": ("flask", "3.0"),
    "flask.escape": ("flask", "3.0"),
    "flask._request_ctx_stack": ("flask", "3.0"),
    "flask._app_ctx_stack": ("flask", "3.0"),
    "flask.json.JSONEncoder": ("flask", "2.3"),
    "flask.json.JSONDecoder": ("flask", "2.3"),
    "flask.safe_join": ("flask", "2.1"),
    "flask.helpers.safe_join": ("flask", "2.1"),
    "flask.helpers.locked_cached_property": ("flask", "3.0"),
    "flask.ext": ("flask", "1.0"),
    "werkzeug.urls.url_quote": ("werkzeug", "3.0"),
    "werkzeug.urls.url_parse": ("werkzeug", "3.0"),
    "werkzeug.urls.url_encode": ("werkzeug", "3.0"),
    "werkzeug.urls.url_decode": ("werkzeug", "3.0"),
    "werkzeug.urls.url_join": ("werkzeug", "3.0"),
    "werkzeug.urls.url_unquote": ("werkzeug", "3.0"),
    "werkzeug.security.safe_str_cmp": ("werkzeug", "2.1"),
    "werkzeug.secure_filename": ("werkzeug", "1.0"),
    "werkzeug.generate_password_hash": ("werkzeug", "1.0"),
    "werkzeug.check_password_hash": ("werkzeug", "1.0"),
    "werkzeug.cached_property": ("werkzeug", "1.0"),
    "werkzeug.FileStorage": ("werkzeug", "1.0"),
    "werkzeug.contrib": ("werkzeug", "1.0"),
    "werkzeug.wsgi.DispatcherMiddleware": ("werkzeug", "1.0"),
    "werkzeug.wsgi.SharedDataMiddleware": ("werkzeug", "1.0"),
    "werkzeug.wrappers.BaseResponse": ("werkzeug", "2.1"),
    "werkzeug.wrappers.BaseRequest": ("werkzeug", "2.1"),
    "werkzeug.http.parse_authorization_header": ("werkzeug", "3.0"),
    "werkzeug.useragents": ("werkzeug", "2.1"),
}
"""By dotted name: the package that had it, and the first version without it."""
MOVED = {
    "flask.Markup": "markupsafe",
    "flask.escape": "markupsafe",
    "flask.safe_join": "werkzeug.utils",
    "flask.helpers.safe_join": "werkzeug.utils",
    "werkzeug.secure_filename": "werkzeug.utils",
    "werkzeug.cached_property": "werkzeug.utils",
    "werkzeug.generate_password_hash": "werkzeug.security",
    "werkzeug.check_password_hash": "werkzeug.security",
    "werkzeug.FileStorage": "werkzeug.datastructures",
    "werkzeug.wsgi.DispatcherMiddleware": "werkzeug.middleware.dispatcher",
    "werkzeug.wsgi.SharedDataMiddleware": "werkzeug.middleware.shared_data",
}
"""Where the same thing is now, under the same name."""
