"""What the members of an object are to each other, by their keys: labels, contents, tables."""

from functools import lru_cache

from retab_mcp.safety.clean import clean_text
from retab_mcp.safety.names import words_of

_CACHED_KEYS = 4096

SCORE_NAMES = words_of(
    "likelihood likelihoods confidence confidences score scores probability probabilities "
    "agreement agreements votes field_likelihoods field_confidences weights"
)
FIELD_NAMES = words_of("properties definitions $defs patternproperties")
SCHEMA_TYPES = words_of("string number integer boolean object array null")
SCHEMA_MARKS = frozenset(("$ref", "anyOf", "oneOf", "allOf"))
SAMPLES = frozenset(("default", "example", "examples", "const", "enum"))
# Members of an object of credentials that tell whose they are, not what they are.
OPEN_MEMBERS = words_of(
    "type kind username user login email mail name id mime_type mimetype filename file_name url "
    "uri host hostname endpoint region account role description label title status error errors "
    "message messages reason created_at updated_at expires expires_at expires_in expiry scheme "
    "method algorithm alg in grant_type client_id tenant_id scope scopes project database db "
    "port provider realm domain format length min max minlength maxlength required enabled "
    "location placement style flow version mode strategy source target prefix "
    "valid detail code msg loc hint rules issuer audience schema bucket service"
)
LABELS = words_of(
    "name key label header id parameter param field k variable title env property attribute option "
    "setting headername fieldname parametername paramname varname keyname handle handleid slot "
    "question prompt champ feld campo veld bezeichnung nom nombre nome naam nazwa имя"
)
CONTENTS = words_of(
    "value val v content contents text data headervalue fieldvalue current answer input "
    "secretstring parametervalue paramvalue stringvalue string_value plaintext "
    "wert inhalt valeur contenu valor contenido conteudo valore waarde inhoud wartość värde verdi "
    "antwort réponse respuesta значение 值"
)
HEADER_ROWS = words_of("columns header headers fields column_names columnnames cols keys names")
ROWS = words_of("rows data values records items body cells lines")
CELLS = frozenset(("cells", "values", "columns", "fields", "data"))
# Types of variables and of fields of a form whose value is a credential.
SECRET_TYPES = words_of("secret password credential passphrase secretstring securestring")
ADDRESSES = words_of("city town village district street state country address area locality")
# Members of one object that may play one role; more are spellings of a hostile one.
MOST_ROLES = 4
LINES = ("text", "line", "content", "value")


@lru_cache(maxsize=_CACHED_KEYS)
def plain_name(key: str) -> str:
    """Return a key in lower case, cleaned, with underscores."""
    return clean_text(key).lower().replace("-", "_")


@lru_cache(maxsize=_CACHED_KEYS)
def role(key: str, names: frozenset[str]) -> bool:
    """Return whether a key is one of the names, in any case and with any separator."""
    name = plain_name(key)
    return name in names or name.replace("_", "") in names


def is_label(key: str) -> bool:
    """Return whether the value under a key may be the name of what is next to it."""
    return role(key, LABELS) or key.lower().endswith(("name", "key", "label"))


def is_content(key: str) -> bool:
    """Return whether the value under a key may be what a label next to it names."""
    return role(key, CONTENTS) or key.lower().endswith("value") or key.endswith(("_val", "Val"))
