# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.common import find_our_addons

from .review_common import ReviewCommon

X2MANY = ("one2many", "many2many")


class TestRoleViews(ReviewCommon):
    """Each role opens the lists and forms of all models that it may read."""

    def _list_accesses(self):
        """Return the roles and models of our addons that the roles may read."""
        names = find_our_addons(self.env)
        data = self.env["ir.model.data"].search(
            [("module", "in", names), ("model", "=", "ir.model.access")]
        )
        accesses = self.env["ir.model.access"].browse(data.mapped("res_id"))
        found = accesses.filtered(lambda each: each.perm_read and each.group_id)
        groups = found.group_id.get_external_id()
        return sorted(
            {(groups[each.group_id.id], each.model_id.model) for each in found}
        )

    def _get_spec(self, arch, model):
        """Return what a browser reads for a view, as ``web_read`` takes it."""
        spec = {}
        for node in arch.xpath(".//field[not(ancestor::groupby)]"):
            outer = node.xpath("ancestor::field")
            if outer and outer[-1] is not arch:
                continue
            name = node.get("name")
            field = self.env[model]._fields[name]
            if field.type in X2MANY:
                inner = node.find("list")
                fields = {"display_name": {}}
                if inner is not None:
                    inner = etree.fromstring(etree.tostring(inner))
                    fields = self._get_spec(inner, field.comodel_name)
                spec[name] = {"fields": fields}
            elif field.type in ("many2one", "reference"):
                spec[name] = {"fields": {"display_name": {}}}
            else:
                spec[name] = {}
        return spec

    def _open(self, records, kind):
        """Read what a view of this kind shows, as a browser does."""
        view = records.get_views([(False, kind)])["views"][kind]
        spec = self._get_spec(etree.fromstring(view["arch"]), records._name)
        if kind == "list":
            return records.web_search_read([], spec, limit=80)["length"]
        for record in records.search([], limit=3):
            record.web_read(spec)
        return 0

    def _make_withdrawal(self, order):
        self.env["sale.withdrawal"].create(
            {
                "buyer_name": "Erika Muster",
                "email": order.partner_id.email,
                "order_id": order.id,
                "company_id": order.company_id.id,
                "token": "role",
                "state": "assigned",
            }
        )

    def test_each_role_opens_list_and_form_of_each_model_that_it_may_read(self):
        order = self._make_order()
        self._put_invited(order, 1, rating=1)
        self._read()
        self._suppress()
        self._make_queued()
        if "sale.withdrawal" in self.env:
            self._make_withdrawal(order)
        seen, users = {}, {}
        for role, model in self._list_accesses():
            if role not in users:
                groups = role if "portal" in role else f"base.group_user,{role}"
                users[role] = new_test_user(self.env, f"role {role}", groups=groups)
                order.user_id = users[role]  # a salesperson reads no others
            records = self.env[model].with_user(users[role])
            if records._transient or not records.has_access("read"):
                continue
            for kind in ("list", "form"):
                with self.subTest(role=role, model=model, kind=kind):
                    self.env.invalidate_all()
                    count = self._open(records, kind)
                    seen[role, model] = max(count, seen.get((role, model), 0))
        # The rows were there to be read.
        for role, model in (
            ("sales_team.group_sale_salesman", "trustedshops.channel"),
            ("sales_team.group_sale_salesman", "trustedshops.invitation"),
            ("sales_team.group_sale_manager", "trustedshops.consent"),
            ("website.group_website_designer", "trustedshops.account"),
            ("website.group_website_designer", "trustedshops.certificate"),
            ("base.group_system", "trustedshops.review"),
        ):
            self.assertGreater(seen[role, model], 0, (role, model))
