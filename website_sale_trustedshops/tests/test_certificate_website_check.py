# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .certificate_common import OTHER_ID, CertificateCommon
from .fake_service import TS_ID

LOADER = f"https://widgets.trustedshops.com/js/{TS_ID}.js"
SEAL = f"https://www.trustedshops.de/shop/certificate.php?shop_id={TS_ID}"
PAGE = {"lang": "en-US", "status": 200, "seal": SEAL, "loader": LOADER}


class TestWebsiteCheck(CertificateCommon):
    """What visitors of each language get, as a browser saw it."""

    def _check(self, *changes):
        """Return level and text of what is found on pages, unlike a good one."""
        pages = [{**PAGE, **values} for values in changes]
        found = self.certificate.with_user(self.designer).check_website(pages)
        return [[(each["level"], each["text"]) for each in page] for page in found]

    def test_a_whole_page_has_no_finding(self):
        self.assertEqual(self._check({}, {"lang": "de-DE"}), [[], []])

    def test_what_is_missing_or_has_another_id(self):
        other = "with the ID {} instead of " + TS_ID
        for values, text in (
            ({"status": 0}, "Visitors do not get the page: status 0."),
            ({"status": 500}, "Visitors do not get the page: status 500."),
            ({"seal": ""}, "Seal: missing."),
            ({"loader": ""}, "Trustbadge: missing."),
            (
                {"seal": SEAL.replace(TS_ID, OTHER_ID)},
                f"Seal: shown {other.format(OTHER_ID)}.",
            ),
            (
                {"loader": LOADER.replace("/js/X", "/js/Y")},
                f"Trustbadge: shown {other.format('–')}.",
            ),
        ):
            with self.subTest(values):
                self.assertEqual(self._check({}, values), [[], [("problem", text)]])

    def test_a_language_may_have_a_certificate_of_its_own(self):
        polish = self.langs["pl_PL"].id
        self._add(
            ts_id=OTHER_ID, website_id=self.website.id, lang_id=polish
        ).mode = "enabled"
        own = {
            "lang": "pl-PL",
            "seal": SEAL.replace(TS_ID, OTHER_ID),
            "loader": LOADER.replace(TS_ID, OTHER_ID),
        }
        self.assertEqual(self._check({}, {"lang": "de-DE"}, own), [[], [], []])
        self.assertEqual(len(self._check({"lang": "pl-PL"})[0]), 2)

    def test_what_is_switched_off_or_for_staff_only_is_not_looked_for(self):
        self.certificate.seal_shown = False
        self.assertEqual(self._check({"seal": ""}), [[]])
        self.certificate.mode = "test"
        self.assertEqual(self._check({"seal": "", "loader": ""}), [[]])

    def test_a_good_check_is_kept_until_a_bad_one(self):
        for pages, is_good in (
            ([{}, {}], True),
            ([{}, {"seal": ""}], False),
            ([{}], True),
            ([], False),
        ):
            self._check(*pages)
            self.assertEqual(bool(self.certificate.website_checked_at), is_good)
            is_open = "website" in self._get_findings(self.certificate)
            self.assertEqual(is_open, not is_good)

    def test_each_language_has_a_start_page(self):
        self.website.write({"name": "Lamps", "domain": "https://lamps.example/"})
        pages = self.certificate.with_user(self.designer).get_website_pages()
        self.assertEqual(
            (pages["name"], pages["url"]), ("Lamps", "https://lamps.example")
        )
        paths = {page["lang"]: page["path"] for page in pages["pages"]}
        self.assertEqual(paths, {"en-US": "/", "de-DE": "/de", "pl-PL": "/pl"})

    def test_paths_follow_the_languages_of_the_website(self):
        german = self.langs["de_DE"]
        get_path = self.website._trustedshops_get_lang_path
        self.assertEqual(get_path(german), "/de")
        german.url_code = "deutsch"
        self.assertEqual(get_path(german), "/deutsch")
        self.website.default_lang_id = german
        self.assertEqual(get_path(german), "")
        self.website.default_lang_id = self.langs["en_US"]
        self.website.language_ids -= german
        self.assertEqual(get_path(german), "")

    def test_reader_of_certificates_may_not_check_the_website(self):
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        certificate = self.certificate.with_user(salesman)
        with self.assertRaises(AccessError):
            certificate.get_website_pages()
        with self.assertRaises(AccessError):
            certificate.check_website([PAGE])
