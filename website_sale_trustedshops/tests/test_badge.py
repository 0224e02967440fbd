# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import CheckViolation

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .certificate_common import OTHER_ID, CertificateCommon


@tagged("post_install", "-at_install")
class TestBadgeOptions(CertificateCommon):
    """The fields of the floating badge, their defaults and their bounds."""

    def setUp(self):
        super().setUp()
        self.own = self._add()

    def _is_accepted(self, **values):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.own.write(values)
                self.own.flush_recordset()
        except CheckViolation:
            self.env.invalidate_all()
            return False
        return True

    def test_offsets_end_where_those_of_the_script_end(self):
        found = {
            (name, value): self._is_accepted(**{f"badge_offset_{name}": value})
            for name, values in (
                ("desktop", (-55, -54, 999, 1000)),
                ("mobile", (-11, -10, 999, 1000)),
            )
            for value in values
        }
        self.assertEqual(
            found,
            {
                ("desktop", -55): False,
                ("desktop", -54): True,
                ("desktop", 999): True,
                ("desktop", 1000): False,
                ("mobile", -11): False,
                ("mobile", -10): True,
                ("mobile", 999): True,
                ("mobile", 1000): False,
            },
        )

    def test_other_words_are_refused(self):
        for values in (
            {"badge_position_desktop": "center"},
            {"badge_position_mobile": "top"},
            {"badge_color_scheme": '"><script>alert(1)</script>'},
            {"badge_consent": "never"},
        ):
            with self.subTest(values), self.assertRaises(ValueError):
                self.own.write(values)

    def test_the_form_has_the_options_also_without_excellence(self):
        self.own.protection_model = "classic"
        with Form(self.own.with_user(self.designer)) as form:
            form.badge_position_desktop = "left"
            form.badge_offset_mobile = 40
        self.assertEqual(
            self.own.read(["badge_position_desktop", "badge_offset_mobile", "ts_id"]),
            [
                {
                    "id": self.own.id,
                    "badge_position_desktop": "left",
                    "badge_offset_mobile": 40,
                    "ts_id": OTHER_ID,
                }
            ],
        )
