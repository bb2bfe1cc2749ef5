"""Question files and drafts; see tests/web/test_access.py.

The file is an upload of grace that she does not share, with one version; the draft is hers, too.
`places` makes both.
"""

from sqlalchemy.orm import Session

from tests.support.cast import Person
from tests.support.library import NEW_KEY, draft, upload

# In the order: visitor, guest, ada, mallory, grace, heidi, admin.
INSTRUCTORS = (303, 303, 403, 403, 200, 200, 200)
INSTRUCTORS_ASKED_TO_FILL_IN = (303, 303, 403, 403, 422, 422, 422)
OWNER_AND_ADMIN = (303, 303, 403, 403, 200, 404, 200)
DONE_BY_OWNER_AND_ADMIN = (303, 303, 403, 403, 303, 404, 303)
FILLED_IN_BY_OWNER_AND_ADMIN = (303, 303, 403, 403, 422, 404, 422)
OWNER_ALONE = (303, 303, 403, 403, 200, 404, 404)
FILLED_IN_BY_OWNER = (303, 303, 403, 403, 422, 404, 404)
DONE_BY_OWNER = (303, 303, 403, 403, 303, 404, 404)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /teach/audit": INSTRUCTORS,
    "GET /teach/drafts": INSTRUCTORS,
    "GET /teach/drafts/<public_id>": OWNER_ALONE,
    "GET /teach/drafts/<public_id>/deletion": OWNER_ALONE,
    "GET /teach/files/<file_id>": OWNER_AND_ADMIN,
    "GET /teach/files/<file_id>/replacement": OWNER_AND_ADMIN,
    "GET /teach/files/<file_id>/retirement": OWNER_AND_ADMIN,
    "GET /teach/files/<file_id>/text": OWNER_AND_ADMIN,
    "GET /teach/files/<file_id>/versions/<number>": OWNER_AND_ADMIN,
    "POST /teach/drafts/<public_id>": FILLED_IN_BY_OWNER,
    "POST /teach/drafts/<public_id>/deletion": DONE_BY_OWNER,
    "POST /teach/drafts/<public_id>/ids": FILLED_IN_BY_OWNER,
    "POST /teach/drafts/<public_id>/publication": FILLED_IN_BY_OWNER,
    "POST /teach/drafts/<public_id>/text": FILLED_IN_BY_OWNER,
    "POST /teach/files/<file_id>/draft": DONE_BY_OWNER_AND_ADMIN,
    "POST /teach/files/<file_id>/replacement": FILLED_IN_BY_OWNER_AND_ADMIN,
    "POST /teach/files/<file_id>/retirement": DONE_BY_OWNER_AND_ADMIN,
    "POST /teach/files/<file_id>/settings": FILLED_IN_BY_OWNER_AND_ADMIN,
    "POST /teach/files/<file_id>/versions/<number>/draft": DONE_BY_OWNER_AND_ADMIN,
    "POST /teach/uploads": INSTRUCTORS_ASKED_TO_FILL_IN,
}

PLACES: dict[str, str] = {"<number>": "1"}


def places(session: Session, grace: Person) -> dict[str, str]:
    """Make grace's file and her draft of it, and say where they are."""
    file_id = upload(session, grace, is_shared=False)
    public_id = draft(session, grace, text=NEW_KEY)
    return {"<file_id>": str(file_id), "/drafts/<public_id>": f"/drafts/{public_id}"}
