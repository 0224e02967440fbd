# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import WithdrawalHttpCommon

# The words of the law; the last four are to be confirmed, see the guide.
WORDS = {
    "en_US": "Withdraw from contract here",
    "de_DE": "Vertrag widerrufen",
    "fr_FR": "Renoncer au contrat ici",
    "pl_PL": "Odstąp od umowy tutaj",
    "nl_NL": "Hier de overeenkomst herroepen",
    "es_ES": "Desistir del contrato aquí",
    "it_IT": "Recedere dal contratto qui",
}
CONFIRM_WORDS = {
    "en_US": "Confirm withdrawal",
    "de_DE": "Widerruf bestätigen",
    "fr_FR": "Confirmer la rétractation",
    "pl_PL": "Potwierdź odstąpienie od umowy",
    "nl_NL": "Herroeping bevestigen",
    "es_ES": "Confirmar desistimiento",
    "it_IT": "Conferma recesso",
}
LINK = "//div[@id='wrapwrap']/div[contains(@class, 'o_withdrawal_link')]/a"
VIEWS = ("layout_link", "confirmation_link", "portal_link")


@tagged("post_install", "-at_install")
class TestLinkHttp(WithdrawalHttpCommon):
    """Where the link is: on every page, and where buyers look at their order."""

    def _put_into_cart(self):
        order = self.order.copy()
        self.authenticate(None, None, session_extra={"sale_order_id": order.id})
        return order

    def test_it_is_on_every_page(self):
        self._put_into_cart()
        for path in (
            *("/", "/shop", "/shop/cart", "/shop/checkout", "/shop/payment"),
            *("/contactus", "/web/login", self.order.get_portal_url()),
        ):
            [link] = self._open(path).xpath(LINK)
            self.assertEqual(link.get("href"), "/withdrawal", path)
            self.assertEqual(link.text_content().strip(), WORDS["en_US"])
        response = self.url_open("/there-is-no-such-page")
        self.assertEqual(response.status_code, 404)
        self.assertIn('href="/withdrawal"', response.text)

    def test_it_outlives_the_footer(self):
        self.env.ref("website.footer_no_copyright").active = True
        self.env.ref("website.template_footer_minimalist").active = True
        page = self._open("/")
        [link] = page.xpath(LINK)
        self.assertFalse(page.xpath(f"//footer{LINK}"))
        pages = self.env["website.page"].search([("url", "=", "/")])
        pages.footer_visible = False
        [link] = self._open("/").xpath(LINK)
        hidden = link.xpath("ancestor::*[contains(@class, 'd-none')]")
        self.assertFalse(hidden)

    def test_its_words_are_those_of_the_law(self):
        for name, words in (("layout_link", WORDS), ("step_review", CONFIRM_WORDS)):
            view = self.env.ref(f"website_sale_withdrawal.{name}")
            for lang, text in words.items():
                self._add_language(lang)
                self.assertIn(f">{text}<", view.with_context(lang=lang).arch_db, lang)

    def test_the_confirmation_leads_to_the_order(self):
        self.authenticate(
            None, None, session_extra={"sale_last_order_id": self.order.id}
        )
        page = self._open("/shop/confirmation")
        [link] = page.xpath("//p[contains(@class, 'o_withdrawal_order')]/a")
        self.assertEqual(link.get("href"), self.order._withdrawal_get_path())
        self.assertEqual(link.text_content(), WORDS["en_US"])
        totals = page.xpath(
            "//div[@class='d-lg-none']//div[contains(@class, 'o_cart_total')]"
        )
        self.assertAfter(page, link, totals[-1])

    def assertAfter(self, page, later, earlier):
        """Check that an element stands below another one."""
        elements = list(page.iter())
        self.assertGreater(elements.index(later), elements.index(earlier))

    def _find_portal_link(self, order):
        page = self._open(order.get_portal_url())
        links = page.xpath("//p[contains(@class, 'o_withdrawal_order')]/a")
        for link in links:
            [total] = page.xpath("//div[@id='total']")
            self.assertAfter(page, link, total)
        return [link.get("href") for link in links]

    def test_the_order_in_the_portal_leads_to_it(self):
        path = self.order._withdrawal_get_path()
        for state in ("sale", "sent", "cancel"):
            self.order.state = state
            self.assertEqual(self._find_portal_link(self.order), [path], state)
        quotation = self.order.copy({"website_id": False})
        quotation.action_quotation_sent()
        self.assertFalse(self._find_portal_link(quotation))

    # === COST === #
    def _count_queries(self, path):
        """Return how many queries a page takes that was opened before."""
        for _number in range(2):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.url_open(path)
            queries = self.cr.sql_log_count - before
        return queries

    def test_pages_of_the_shop_take_no_query_more(self):
        self._put_into_cart()
        paths = ["/", self.product.website_url, "/shop/payment"]
        self.product.is_published = True
        counts = []
        for is_active in (True, False):
            for name in VIEWS:
                view = self.env.ref(f"website_sale_withdrawal.{name}")
                view.active = is_active
            page = self._open("/shop")
            self.assertEqual(bool(page.xpath(LINK)), is_active)
            counts.append([self._count_queries(path) for path in paths])
        self.assertEqual(*counts)
