# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_account
from . import test_channel
from . import test_consent
from . import test_consent_http
from . import test_consent_mail
from . import test_consent_staff
from . import test_consent_suppression
from . import test_dialogs
from . import test_drill
from . import test_invitation_decide
from . import test_invitation_payload
from . import test_invitation_random
from . import test_invitation_send
from . import test_invitation_staff
from . import test_late_consent
from . import test_lib_etrusted
from . import test_lib_grades
from . import test_lib_reviews
from . import test_links
from . import test_links_http
from . import test_markup
from . import test_optin_http
from . import test_overview
from . import test_privacy
from . import test_rating
from . import test_rating_http
from . import test_review_desk
from . import test_review_reading
from . import test_review_staff
from . import test_rights_table
from . import test_role_views
from . import test_service
from . import test_stop_http
from . import test_typed_addresses
from . import test_views
