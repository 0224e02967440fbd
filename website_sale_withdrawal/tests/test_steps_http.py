# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from types import SimpleNamespace
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.tests import tagged

from ..controllers import withdrawal as controller
from .common import WithdrawalHttpCommon

BUYER = {"buyer_name": "Erika Muster", "email": "erika@muster.example"}
# What strangers may send.
HOSTILE = (
    "%",
    "S471_",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} ${7 * 7} <t t-out='7 * 7'/>",
    "S4711\r\nBcc: all@x.example",
    "\x00\x1b\u202eS4711",
    "x" * 100_000,
    "😀" * 3000,
    "../../etc/passwd",
)


@tagged("post_install", "-at_install")
class TestStepsHttp(WithdrawalHttpCommon):
    """The two steps and the receipt, without a login and without scripts."""

    def test_a_guest_withdraws_in_two_steps(self):
        form = self._open("/withdrawal")
        typed = {"order_reference": "S4711", "details": "The desk"}
        review = self._fill_in(form, **BUYER, **typed)
        self.assertFalse(self._find_all())
        self.assertFalse(review.xpath("//*[contains(@class, 'o_withdrawal_changed')]"))
        [declaration] = review.xpath(
            "//dl[contains(@class, 'o_withdrawal_declaration')]"
        )
        said = (
            "Name Erika Muster Order number S4711 Details of the contract The desk"
            " E-mail for the receipt erika@muster.example"
        )
        self.assertEqual(self._get_text(declaration), said)
        receipt = self._press(review)
        withdrawal = self._find_all()
        self.assertValues(
            withdrawal,
            **BUYER,
            order_reference="S4711",
            remark="",
            details="The desk",
            articles="",
            is_verified=False,
            order_id=self.order.browse(),
            company_id=self.website.company_id,
            website_id=self.website,
            lang="en_US",
            state="received",
        )
        self.assertTrue(withdrawal.sudo().network)
        text = self._get_text(receipt.xpath("//div[@id='wrap']")[0])
        self.assertIn(said, text)
        self.assertIn(" ".join(withdrawal._get_press_time().split()), text)
        for page, words in (
            (form, "Withdraw from a contract"),
            (review, "Check and confirm"),
            (receipt, "Your withdrawal was sent"),
        ):
            title = page.findtext(".//title")
            self.assertEqual(title, f"{words} | {self.website.name}")

    def _get_network(self, address):
        request = SimpleNamespace(
            httprequest=SimpleNamespace(remote_addr=address), env=self.env
        )
        with patch.object(controller, "request", request):
            return controller._get_network()

    def test_visitors_of_one_network_share_its_hash(self):
        for one, other in (
            ("192.0.2.1", "192.0.2.254"),
            ("192.0.2.1", "::ffff:192.0.2.9"),
            ("2001:db8::1", "2001:db8::ffff"),
        ):
            self.assertEqual(self._get_network(one), self._get_network(other), other)
        for one, other in (
            ("192.0.2.1", "192.0.3.1"),
            ("::ffff:192.0.2.1", "::ffff:192.0.3.1"),
            ("2001:db8::1", "2001:db8:0:1::1"),
        ):
            self.assertNotEqual(self._get_network(one), self._get_network(other), other)
        self.assertEqual(self._get_network(None), "")

    def test_missing_fields_are_named_and_typed_ones_kept(self):
        page = self._fill_in(buyer_name="Erika", email="max none@x.example")
        alerts = page.xpath("//div[@id='wrap']//*[@role='alert']")
        self.assertEqual(
            [self._get_text(alert) for alert in alerts],
            [
                "Please enter the order number, or other details below.",
                "Please enter one e-mail address.",
            ],
        )
        values = self._read(self._get_form(page, "/withdrawal"))
        self.assertEqual(values["buyer_name"], "Erika")
        self.assertEqual(values["email"], "max none@x.example")
        self.assertFalse(self._find_all())

    def test_a_refused_form_leads_to_its_first_mistake(self):
        page = self._open("/withdrawal")
        self.assertFalse(page.xpath("//*[@autofocus or @aria-invalid]"))
        [hint] = page.xpath("//*[@id='order_reference_hint']")
        self.assertEqual(
            self._get_text(hint), "We need the order number, or other details below."
        )
        own = self._open(self.order._withdrawal_get_path())
        quantities = [f"quantity_{line.id}" for line in self.order.order_line]
        for form, typed, wrong in (
            (page, {}, ["buyer_name", "order_reference", "details", "email"]),
            (page, {**BUYER}, ["order_reference", "details"]),
            (page, {**BUYER, "email": "x", "details": "desk"}, ["email"]),
            (own, dict.fromkeys(quantities, "0"), quantities),
        ):
            with self.subTest(wrong):
                again = self._fill_in(form, **typed)
                found = again.xpath("//*[@aria-invalid='true']/@name")
                self.assertEqual(found, wrong)
                self.assertEqual(again.xpath("//*[@autofocus]/@name"), wrong[:1])
                title = "Please check what you entered"
                heading = again.xpath("//div[@id='wrap']//h1")[0]
                self.assertEqual(heading.text_content(), title)
                self.assertIn(title, again.findtext(".//title"))

    def test_the_buttons_are_cores(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        classes = review.xpath("//div[@id='wrap']//button/@class")
        self.assertEqual(classes, ["btn btn-primary text-wrap", "btn btn-secondary"])

    def test_an_address_that_is_not_the_orders_has_a_guests_limits(self):
        page = self._open(self.order._withdrawal_get_path())
        review = self._fill_in(
            page,
            email="max@fremd.example",
            remark="Buy pills. " * 300,
            details="x" * 4000,
            buyer_name="y" * 4000,
        )
        text = self._get_text(review.xpath("//div[@id='wrap']")[0])
        self.assertIn(
            "The remark is left out, because this is not the e-mail address of the"
            " order.",
            text,
        )
        self.assertNotIn("pills", text)
        receipt = self._press(review, remark="Buy pills")
        withdrawal = self._find_all()
        declared = {
            "buyer_name": "y" * 80,
            "details": "x" * 300,
            "remark": "",
            "email": "max@fremd.example",
        }
        self.assertValues(
            withdrawal, **declared, order_id=self.order, is_verified=True, articles=""
        )
        self._run_cron()
        mails = [
            html.fromstring(each.body_html) for each in self._get_mails(withdrawal)
        ]
        self.assertEqual(len(mails), 2)
        rows = ["y" * 80, "S4711", "x" * 300, "All of the order", "max@fremd.example"]
        for each in (review, receipt, *mails):
            self.assertEqual([row.text_content() for row in each.xpath("//dd")], rows)
        # To their own address buyers may write more.
        review = self._fill_in(page, remark="Thank you")
        self.assertNotIn("left out", self._get_text(review))
        self._press(review)
        self.assertEqual(self._find_all()[-1].remark, "Thank you")

    def test_the_second_step_shows_what_is_declared_stored_and_mailed(self):
        review = self._fill_in(
            buyer_name="Erika https://spam.example " * 9,
            email=" Erika@Muster.example ",
            order_reference="See www.spam.example",
            details="\nThe  desk\r\n\r\n<b>http://spam.example</b>\ttoday",
        )
        [notice] = review.xpath("//p[contains(@class, 'o_withdrawal_changed')]")
        self.assertIn("We shortened what you entered", self._get_text(notice))
        declared = [
            " ".join(["Erika spam. example"] * 4),
            "See www. spam. example",
            "The desk\n<b>spam. example</b> today",
            "erika@muster.example",
        ]
        receipt = self._press(review)
        withdrawal = self._find_all()
        self._run_cron()
        mail = html.fromstring(self._get_mails(withdrawal).body_html)
        for page in (review, receipt, mail):
            rows = [row.text_content() for row in page.xpath("//dd")]
            self.assertEqual(rows, declared)
        names = ("buyer_name", "order_reference", "details", "email")
        self.assertEqual([withdrawal[name] for name in names], declared)

    def test_the_press_needs_the_fields_of_the_first_step(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        page = self._press(review, email="none")
        self.assertTrue(page.xpath("//*[@id='email_error']"))
        self.assertFalse(self._find_all())

    def test_it_can_be_changed_before_the_press(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        form = self._get_form(review, "/withdrawal")
        page = self._open("/withdrawal", {**self._read(form), "change": "1"})
        values = self._read(self._get_form(page, "/withdrawal"))
        self.assertEqual(values["order_reference"], "S4711")
        self.assertFalse(page.xpath("//div[@id='wrap']//*[@role='alert']"))

    def test_opening_an_address_declares_nothing(self):
        for path in (
            self.order._withdrawal_get_path(),
            "/withdrawal?buyer_name=E&email=e%40x.example&order_reference=S4711",
            "/withdrawal/confirm?buyer_name=E&email=e%40x.example&order_reference=S4711",
            "/withdrawal/receipt/x",
            "/withdrawal/receipt/%00",
        ):
            self._open(path)
            self.url_open(path, method="HEAD")
        self.assertFalse(self._find_all())

    def test_a_press_without_cookies_counts(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        self.opener.cookies.clear()
        self._press(review)
        self.assertEqual(len(self._find_all()), 1)

    def test_pressed_twice_is_one_declaration(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        first, again = (self._press(review) for _number in range(2))
        self.assertEqual(len(self._find_all()), 1)
        wraps = [each.xpath("//div[@id='wrap']")[0] for each in (first, again)]
        self.assertEqual(*map(self._get_text, wraps))
        # A new form is a new declaration.
        self._press(self._fill_in(**BUYER, order_reference="S4711"))
        self.assertEqual(len(self._find_all()), 2)

    def test_the_page_afterwards_cannot_undo_it(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        values = self._read(self._get_form(review, "/withdrawal/confirm"))
        self.env.ref(
            "website_sale_withdrawal.receipt_page"
        ).arch_db = "<t t-out='1/0'/>"
        response = self.url_open(
            "/withdrawal/confirm", data=values, allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self._find_all()), 1)

    def test_pages_stay_in_no_cache_and_no_search(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        values = self._read(self._get_form(review, "/withdrawal/confirm"))
        receipt = self.url_open("/withdrawal/confirm", data=values)
        for response, kept in (
            (self.url_open(self.order._withdrawal_get_path()), "no-store"),
            # Only the browser may keep it, for its way back.
            (self.url_open("/withdrawal", data=BUYER), "private, no-cache"),
            (receipt, "no-store"),
        ):
            self.assertEqual(response.headers["Cache-Control"], kept)
            self.assertEqual(response.headers["X-Robots-Tag"], "noindex")
            self.assertEqual(response.headers["Referrer-Policy"], "same-origin")
        self.assertNotIn("/withdrawal", self.url_open("/sitemap.xml").text)

    # === THE SIGNED LINK === #
    def test_a_link_that_was_used_says_so_first_and_offers_another_one(self):
        standing = "//div[contains(@class, 'o_withdrawal_standing')]"
        path = self.order._withdrawal_get_path()
        pages = path, self.order.get_portal_url()
        for page in map(self._open, pages):
            self.assertFalse(page.xpath(standing))
        with freeze_time("2026-11-02 10:00:07"):
            self._declare(is_verified=True, order_id=self.order.id)
        for page in map(self._open, pages):
            [said] = page.xpath(standing)
            self.assertIn("card", said.get("class").split())
            self.assertEqual(
                self._get_text(said),
                "There is already a withdrawal from this contract: Received on November"
                " 2, 2026, 11:00:07 (Europe/Berlin, UTC+01:00). If it is valid, you get"
                " your money back by 11/16/2026.",
            )
        form = self._open(path)
        [heading] = form.xpath("//div[@id='wrap']//h2")
        self.assertEqual(heading.text_content(), "Another withdrawal")
        self._press(self._fill_in(form))
        self.assertEqual(len(self._find_all()), 2)
        # Strangers learn nothing of it.
        self.assertFalse(self._open("/withdrawal").xpath(standing))

    def test_the_link_of_the_mail_fills_everything_in(self):
        page = self._open(self.order._withdrawal_get_path())
        values = self._read(self._get_form(page, "/withdrawal"))
        product, service = self.order.order_line
        self.assertEqual(values.pop("contract"), self.order._withdrawal_sign())
        self.assertEqual(
            values,
            {
                **BUYER,
                "remark": "",
                f"quantity_{product.id}": "5",
                f"quantity_{service.id}": "12.5",
            },
        )
        self._press(self._fill_in(page, remark="Thank you"))
        self.assertValues(
            self._find_all(),
            **BUYER,
            order_reference="S4711",
            order_id=self.order,
            is_verified=True,
            articles="",
            remark="Thank you",
        )

    def test_articles_are_chosen(self):
        product, service = self.order.order_line
        page = self._open(self.order._withdrawal_get_path())
        review = self._fill_in(
            page, **{f"quantity_{product.id}": "2", f"quantity_{service.id}": "0"}
        )
        text = self._get_text(review.xpath("//div[@id='wrap']")[0])
        self.assertIn(f"Only these articles 2 × {product.name_short}", text)
        self._press(review)
        self.assertEqual(self._find_all().articles, f"2 × {product.name_short}")

    def test_an_order_that_changed_is_shown_again_before_it_counts(self):
        product, service = self.order.order_line
        page = self._open(self.order._withdrawal_get_path())
        few = {f"quantity_{product.id}": "2"}
        for values, ordered, told in (
            ({}, 13, f"5 × {product.name_short} 12.5 × {service.name_short}"),
            (few, 1, f"2 × {product.name_short} 1 × {service.name_short}"),
        ):
            service.product_uom_qty = 12.5
            review = self._fill_in(page, **values)
            service.product_uom_qty = ordered
            review = self._press(review)
            self.assertFalse(self._find_all())
            self.assertIn(f"Only these articles {told}", self._get_text(review))
        self._press(review)
        self.assertEqual(len(self._find_all()), 1)

    def test_choosing_nothing_is_asked_about(self):
        page = self._open(self.order._withdrawal_get_path())
        names = [f"quantity_{line.id}" for line in self.order.order_line]
        page = self._fill_in(page, **dict.fromkeys(names, "0"))
        self.assertIn("at least one article", self._get_text(page))

    def test_the_number_of_a_signed_order_cannot_be_another(self):
        page = self._open(self.order._withdrawal_get_path())
        self._press(self._fill_in(page), order_reference="S0815")
        self.assertEqual(self._find_all().order_reference, "S4711")

    def test_a_broken_link_still_leads_to_the_form(self):
        for contract in ("x", "é", "A" * 5000, "%00", "AbCd=="):
            page = self._open(f"/withdrawal?contract={contract}")
            values = self._read(self._get_form(page, "/withdrawal"))
            self.assertNotIn("contract", values)
            self.assertEqual(values["buyer_name"], "")
            self.assertNotIn("Muster", page.text_content())

    def test_a_forged_proof_proves_nothing(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        self._press(review, contract=self.order._withdrawal_sign()[:-3] + "AAA")
        self.assertValues(
            self._find_all(), is_verified=False, order_id=self.order.browse()
        )

    def test_a_link_opens_on_the_website_of_its_order(self):
        company = {"company_id": self.env.company.id}
        second = self.env["website"].create({"name": "Second", **company})
        self.order.website_id = second
        path = self.order._withdrawal_get_path()
        # It cannot be reached otherwise.
        self.assertEqual(self.url_open(path).status_code, 200)
        second.domain = "https://second.example"
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(response.headers["Location"], f"https://second.example{path}")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        second.domain = self.base_url()
        self.assertEqual(self.url_open(path, allow_redirects=False).status_code, 200)

    def test_the_website_of_a_declaration_is_that_of_its_order(self):
        page = self._open(self.order._withdrawal_get_path())
        second = self.env["website"].create({"name": "Second"})
        self.order.website_id = second
        self._press(self._fill_in(page))
        self.assertEqual(self._find_all().website_id, second)

    # === WITH AN ACCOUNT === #
    def _log_in_buyer(self):
        """Log the buyer of the order in."""
        user = self._create_new_portal_user(login="wd_buyer", password="wd_buyer")
        stored = "Max <Max@muster.example>; max@other.example"
        user.partner_id.write({"name": "Max Muster", "email": stored})
        self.order.partner_id = user.partner_id
        self.authenticate("wd_buyer", "wd_buyer")

    def _find_own(self, page):
        """Return the addresses of the orders that the first step offers."""
        return page.xpath("//div[contains(@class, 'o_withdrawal_own')]//a/@href")

    def test_a_buyer_with_an_account_chooses_the_order(self):
        self._log_in_buyer()
        stranger = self.order.copy({"partner_id": self.partner.id})
        stranger.action_confirm()
        page = self._open("/withdrawal")
        links = self._find_own(page)
        self.assertEqual(links, [self.order._withdrawal_get_path()])
        values = self._read(self._get_form(page, "/withdrawal"))
        self.assertEqual(values["buyer_name"], "Max Muster")
        self.assertEqual(values["email"], "max@muster.example")
        self._press(self._fill_in(self._open(links[0])))
        self.assertValues(self._find_all(), order_id=self.order, is_verified=True)

    def test_only_orders_of_the_company_of_the_website_are_offered(self):
        self._log_in_buyer()
        company = self.env["res.company"].create({"name": "Other"})
        buyer = {"partner_id": self.order.partner_id.id}
        self.env["sale.order"].create(
            {**buyer, "company_id": company.id, "state": "sale"}
        )
        links = self._find_own(self._open("/withdrawal"))
        self.assertEqual(links, [self.order._withdrawal_get_path()])
        self.website.company_id = company
        links = self._find_own(self._open("/withdrawal"))
        self.assertNotIn(self.order._withdrawal_get_path(), links)

    def test_an_unpaid_and_a_cancelled_order_can_be_chosen(self):
        self._log_in_buyer()
        self.order.copy()
        self.order.copy({"website_id": False}).action_quotation_sent()
        for state in ("sent", "cancel"):
            self.order.state = state
            links = self._find_own(self._open("/withdrawal"))
            self.assertEqual(links, [self.order._withdrawal_get_path()], state)

    def test_a_press_of_staff_proves_nothing(self):
        user = self._create_new_internal_user(login="wd_staff", password="wd_staff")
        self.authenticate("wd_staff", "wd_staff")
        for partner, is_verified in ((self.partner, False), (user.partner_id, True)):
            self.order.partner_id = partner
            page = self._open(self.order._withdrawal_get_path())
            self._press(self._fill_in(page, **BUYER))
            withdrawal = self._find_all()[-1]
            self.assertValues(withdrawal, order_id=self.order, is_verified=is_verified)

    def test_strangers_do_not_read_who_bought_what(self):
        page = self._open("/withdrawal")
        self.assertFalse(page.xpath("//div[contains(@class, 'o_withdrawal_own')]"))
        self.assertNotIn("Muster", page.text_content())

    # === STRANGERS === #
    def _count(self, **typed):
        """Return the queries of both steps, and what the answers say."""
        texts = []
        self.env.flush_all()
        before = self.cr.sql_log_count
        review = self._fill_in(**BUYER, **typed)
        receipt = self._press(review)
        queries = self.cr.sql_log_count - before
        for page in (review, receipt):
            text = self._get_text(page.xpath("//div[@id='wrap']")[0])
            texts.append(text.replace(typed["order_reference"], "#"))
        texts[1] = texts[1].partition("I withdraw")[2]
        return queries, texts

    def test_known_and_unknown_numbers_get_the_same_answer_for_the_same_work(self):
        self._count(order_reference="S0000")
        known, unknown = (
            self._count(order_reference=number) for number in ("S4711", "S4712")
        )
        self.assertEqual(known, unknown)

    def test_hostile_texts_break_nothing(self):
        for number, text in enumerate(HOSTILE, start=1):
            typed = dict.fromkeys(("order_reference", "details", "remark"), text)
            page = self._press(self._fill_in(**BUYER | typed | {"buyer_name": text}))
            self.assertEqual(len(self._find_all()), number, text[:20])
            self.assertFalse(page.xpath("//div[@id='wrap']//script"))
            self.assertNotIn(
                "49", page.xpath("//div[@id='wrap']//dd")[0].text_content()
            )
        self._run_cron()
        self.assertTrue(all(self._find_all().mapped("is_examined")))
        self.assertFalse(self._find_all().filtered("order_id") - self._find_all()[5:7])

    def test_files_and_fields_of_others_are_ignored(self):
        review = self._fill_in(**BUYER, order_reference="S4711")
        values = self._read(self._get_form(review, "/withdrawal/confirm"))
        more = {
            "state": "settled",
            "order_id": str(self.order.id),
            "is_verified": "1",
            "received_at": "2020-01-01",
            f"quantity_{self.order.order_line[0].id}": "1",
        }
        self.url_open(
            "/withdrawal/confirm",
            data={**values, **more},
            files={"remark": ("x.txt", b"x")},
        )
        self.env.invalidate_all()
        withdrawal = self._find_all()
        self.assertValues(
            withdrawal,
            state="received",
            order_id=self.order.browse(),
            is_verified=False,
            remark="",
            articles="",
        )
        self.assertNotEqual(withdrawal.received_at.year, 2020)
