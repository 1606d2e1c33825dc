"""Every limit of the linter; none of them is ever exceeded silently."""

MAX_FILE_BYTES = 5 * 1024 * 1024
"""For every parsed kind. Generated manifest bundles are the largest files people write."""
MAX_TEXT_BYTES = 1024 * 1024
"""For files that are searched for secrets only."""
MAX_LINE_CHARS = 65_536
MAX_FRAME_CHARS = 200
MAX_MESSAGE_CHARS = 1_000
MAX_NAME_CHARS = 120
MAX_YAML_DEPTH = 100
"""Some builds of libyaml overflow the stack at 24,000 levels."""
MAX_YAML_NODES = 500_000
MAX_YAML_DOCUMENTS = 10_000
MAX_YAML_DIRECTIVES = 100
MAX_PYTHON_PARENTHESES = 200
MAX_PYTHON_INDENTS = 100
MAX_DOCKER_INSTRUCTIONS = 5_000
MAX_DOCKER_VALUE = 4 * 1024 * 1024
MAX_EXPANSION = 64 * 1024
MAX_EXPANSION_DEPTH = 20
MAX_INCLUDES = 100
MAX_INCLUDE_DEPTH = 5
MAX_PATH_DEPTH = 100
MAX_PATH_BYTES = 4_096
MAX_FILES = 200_000
MAX_IGNORE_PATTERNS = 10_000
MAX_IGNORE_LENGTH = 1_000
MAX_IGNORE_WILDCARDS = 16
MAX_INDEX_BYTES = 64 * 1024 * 1024
MAX_SHELL_BYTES = 16 * 1024
"""tree-sitter's shell grammar is quadratic on hostile text; longer scripts are not parsed."""
MAX_RESULTS_PER_RULE_AND_FILE = 100
MAX_RESULTS = 5_000
MAX_NOTIFICATIONS = 1_000
WORKERS_FROM_BYTES = 512 * 1024
"""Below this many bytes of file-scope text, starting workers costs more than it saves."""
