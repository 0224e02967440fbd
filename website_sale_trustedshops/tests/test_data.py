# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import sys
from pathlib import Path

from odoo.modules.module import Manifest
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.hooks import uninstall_hook

from .common import TrustedShopsCommon

ADDON = Path(__file__).resolve().parents[1]
LOSS = (
    "Applications and invitations that still wait: 2; proofs and stops that are"
    " deleted: 3."
)


class TestNeutralize(TrustedShopsCommon):
    """A copy of a database talks to nobody."""

    def _neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["website_sale_trustedshops"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_a_copy_has_no_login_and_no_production_archived_or_not(self):
        self.certificate.action_archive()
        self._neutralize()
        self.assertValues(
            self.certificate, ws_user=False, ws_password=False, environment="sandbox"
        )

    def test_the_queue_of_a_copy_is_silent(self):
        queued, sending, requested = (self._make_queued() for _row in range(3))
        sending.write({"state": "sending", "lease_until": "2026-01-01 00:00:00"})
        requested.write({"state": "requested", "application_number": "4711"})
        self._neutralize()
        self._run_queue()
        self.assertEqual(self.service.calls, [])
        for protection in queued + sending + requested:
            self.assertValues(
                protection,
                state="cancelled",
                last_error="copied",
                error_values=False,
                explanation="Copied database: this order belongs to the original.",
                billable="void",
                owed_fee=0,
            )

    def test_a_copy_mails_no_buyer(self):
        confirmed, rejected, failed = (self._make_queued() for _row in range(3))
        confirmed.state = "confirmed"
        rejected.write({"state": "rejected", "final_at": "2026-01-01 00:00:00"})
        failed.state = "failed"
        waiting, refused = (self._make_queued() for _row in range(2))
        for mailed in (waiting, refused):
            mailed.state = "confirmed"
            mailed._mail_buyers()
        self._get_mails(refused).state = "exception"
        self._neutralize()
        self._run_queue()
        mails = self.env["mail.mail"].search(
            [("model", "=", "trustedshops.protection")]
        )
        self.assertFalse(mails.filtered("email_to"))

    def test_a_copy_forgets_sandbox_and_demonstration(self):
        parameters = self.env["ir.config_parameter"]
        keys = (
            "website_sale_trustedshops.sandbox_url",
            "website_sale_trustedshops.test_offers_for_everybody",
        )
        for key in keys:
            parameters.set_param(key, "1")
        self._neutralize()
        self.assertFalse(parameters.search([("key", "in", keys)]))


class TestUninstall(TrustedShopsCommon):
    """What the addon leaves behind when it goes."""

    def test_open_carts_lose_the_fee_but_none_that_waits_for_its_money(self):
        order, _protection = self._make_ticked()
        waiting, _protection = self._make_ticked()
        self._pay(waiting, "pending", self._get_wire_transfer())
        uninstall_hook(self.env)
        self.assertEqual((order + waiting).mapped("amount_total"), [100.0, 100.98])

    def test_orders_whose_protection_waits_are_told(self):
        labels = {
            "queued": "Waiting to be applied for",
            "on_hold": "On hold",
            "sending": "Being applied for",
            "requested": "Applied for",
        }
        orders = {state: self._make_queued().order_id for state in labels}
        for state, order in orders.items():
            order.trustedshops_protection_id.write(
                {"state": state, "application_number": "4711"}
            )
        confirmed = self._make_queued()
        confirmed.state = "confirmed"
        before = confirmed.order_id.message_ids
        uninstall_hook(self.env)
        for state, label in labels.items():
            with self.subTest(state=state):
                told = orders[state].message_ids[0].body.striptags()
                self.assertIn(f"was “{label}”, application number: 4711.", told)
        self.assertEqual(confirmed.order_id.message_ids, before)

    def test_whoever_uninstalls_it_is_told_how_many_wait(self):
        self._make_queued()
        waiting, confirmed = self._make_queued(), self._make_queued()
        waiting.state = "requested"
        confirmed.state = "confirmed"
        modules = self.env["ir.module.module"]
        for name, loss in (
            ("website_sale_trustedshops", LOSS),
            ("website_sale", LOSS),  # takes the addon along
            ("website_sale_loyalty", False),
        ):
            with self.subTest(module=name):
                module = modules.search([("name", "=", name)])
                with Form.from_action(
                    self.env, module.button_uninstall_wizard()
                ) as dialog:
                    self.assertEqual(dialog.trustedshops_loss, loss)

    def test_placed_orders_keep_the_fee_and_its_product_archived(self):
        order = self._make_queued().order_id
        uninstall_hook(self.env)
        self.assertEqual(order.amount_total, 100.98)
        product = self.fee_product
        self.assertFalse(product.active or product.get_external_id()[product.id])


@tagged("post_install", "-at_install")
class TestManifestLink(BaseCase):
    """The link at the top of the repository is no second module."""

    @mute_logger("odoo.modules.module")
    def test_odoo_sees_the_addon_and_no_module_in_the_folder_of_the_link(self):
        manifest = Manifest.for_addon("website_sale_trustedshops")
        self.assertEqual(Path(manifest.path).resolve(), ADDON)
        seen = [Path(each.path).resolve() for each in Manifest.all_addon_manifests()]
        self.assertNotIn(ADDON.parent, seen)


@tagged("post_install", "-at_install")
class TestDependencies(BaseCase):
    """What the addon imports is declared, also where another package brings it."""

    # Odoo itself cannot do without it.
    GIVEN = frozenset({"psycopg2"})

    def _get_imported(self):
        """Return the packages that `lib/` imports, without Python's own."""
        nodes = [
            node
            for path in (ADDON / "lib").rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text()))
        ]
        modules = [
            node.module
            for node in nodes
            if isinstance(node, ast.ImportFrom) and not node.level
        ]
        for node in nodes:
            if isinstance(node, ast.Import):
                modules += [alias.name for alias in node.names]
        packages = {module.partition(".")[0] for module in modules}
        return packages - sys.stdlib_module_names

    def test_the_manifest_declares_what_is_imported(self):
        manifest = Manifest.for_addon("website_sale_trustedshops")
        declared = manifest["external_dependencies"]["python"]
        names = {each.partition(">=")[0] for each in declared}
        self.assertEqual(self._get_imported() - self.GIVEN, names)
