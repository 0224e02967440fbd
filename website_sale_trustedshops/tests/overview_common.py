# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo import fields
from odoo.tests import new_test_user

ROLES = {
    "administrator": "base.group_system",
    "editor": "website.group_website_designer",
    "seller": "sales_team.group_sale_manager",
}


class OverviewMixin:
    """Reads the page as its readers do; the scheduled actions ran just now."""

    def _make_readers(self):
        crons = self.env["trustedshops.overview"]._get_jobs()
        now = fields.Datetime.now()
        crons.write({"active": True, "nextcall": now, "lastcall": now})
        return {
            role: new_test_user(
                self.env, f"overview_{role}", groups=f"base.group_user,{groups}"
            )
            for role, groups in ROLES.items()
        }

    def _read(self, user=None, website=None, **context):
        """Return the page as a user gets it."""
        self.env.flush_all()
        overview = self.env["trustedshops.overview"].with_user(user or self.env.user)
        overview = overview.with_context(**context)
        return html.fromstring(
            f"<div>{overview.get_overview(website and website.id)}</div>"
        )

    def _list_lines(self, user=None, website=None, **context):
        """Return level, words and action of each line that needs attention."""
        page = self._read(user, website, **context)
        return [
            (
                next(
                    x[15:]
                    for x in line.get("class").split()
                    if x[:15] == "o_trustedshops_"
                ),
                " ".join(line.text_content().split()),
                self._get_action(line),
            )
            for line in page.xpath("//section[1]//li")
        ]

    def _get_action(self, element):
        actions = element.xpath(".//button/@data-action")
        return json.loads(actions[0]) if actions else None

    def _follow(self, action, user):
        """Return the records that a user sees after following a link."""
        model = self.env[action["res_model"]].with_user(user)
        for _view, kind in action["views"]:
            model.get_view(view_type=kind)
        if "res_id" in action:
            record = model.browse(action["res_id"])
            record.check_access("read")
            return record
        return model.search(action.get("domain", []))

    def assertStandsFirst(self, text, user):
        """Check that a problem stands before all else, and return what it leads to."""
        lines = self._list_lines(user)
        levels = [level for level, _words, _action in lines]
        place = [text in words for _level, words, _action in lines].index(True)
        self.assertEqual(set(levels[: place + 1]), {"problem"}, text)
        return self._follow(lines[place][2], user)
