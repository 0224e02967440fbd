# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import TestCase

from lxml import etree

from odoo.addons.website_sale_trustedshops.lib.criteria import read_criteria
from odoo.addons.website_sale_trustedshops.lib.inspection import Inspection
from odoo.addons.website_sale_trustedshops.lib.shop_page import read_page

from ..lib import withdrawal_rule  # noqa: F401 its rule is named by the list

HOME = "https://lamps.example"
PATH = f"{HOME}/withdrawal"
LINK = "<a href='/withdrawal'>Withdraw from contract here</a>"
FIELDS = ("buyer_name", "order_reference", "email")
CRITERIA = read_criteria(
    etree.fromstring(
        "<odoo><criteria><criterion name='function' rule='withdrawal'"
        " places='function' /></criteria></odoo>"
    )
)


def make_form(*names, button="<button type='submit'>Continue</button>"):
    fields = "".join(f"<input name='{name}'>" for name in names)
    return f"<form>{fields}{button}</form>"


class TestLibWithdrawalRule(TestCase):
    """What a visitor has to find behind the link."""

    def _see(self, source, start=LINK, status=200):
        """Return what is seen of the page behind the link."""
        pages = [
            read_page("start", HOME, f"{HOME}/", 200, start),
            read_page("function", PATH, PATH, status, source),
        ]
        [seen] = Inspection(pages, {"language": "en"}).look(CRITERIA)
        return seen["cause"], seen["urls"]

    def test_a_first_step_is_found_with_a_sample_of_the_receipt(self):
        seen = self._see(make_form(*FIELDS))
        self.assertEqual(seen, ("ok", (PATH, f"{PATH}/sample")))

    def test_each_field_of_the_first_step_is_needed(self):
        for name in FIELDS:
            others = [each for each in FIELDS if each != name]
            with self.subTest(name):
                seen = self._see(make_form(*others))
                self.assertEqual(seen, ("no_step", (PATH,)))

    def test_a_form_that_cannot_be_sent_is_no_step(self):
        for source in (
            make_form(*FIELDS, button="<button type='button'>Chat</button>"),
            "".join(f"<input name='{name}'>" for name in FIELDS),
            "",
        ):
            with self.subTest(source):
                self.assertEqual(self._see(source), ("no_step", (PATH,)))

    def test_without_link_or_page_that_comes_first(self):
        form = make_form(*FIELDS)
        self.assertEqual(self._see(form, start="<p>Lamps</p>"), ("no_page", ()))
        self.assertEqual(self._see(form, status=404), ("broken", (PATH,)))
