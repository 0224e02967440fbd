# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.base.models import ir_cron

from ..models.review import reading
from .fake_etrusted import make_review
from .invitation_common import NOW, InvitationCommon

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_reviews"
READING_LOGGER = "odoo.addons.website_sale_trustedshops_reviews.models.review.reading"


class ReviewCommon(InvitationCommon):
    """A shop whose reviews are read from a fake eTrusted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviews = cls.env["trustedshops.review"]
        # Before the reviews of October.
        cls.channel.reviews_from = "2026-09-01"

    def _put(self, *numbers, **values):
        """Have reviews at Trusted Shops, in place of those with the same numbers."""
        for number in numbers:
            self._drop(number)
            self.etrusted.reviews.append(make_review(number, **values))

    def _put_about(self, order, *numbers, **values):
        """Have reviews that name an order by its number, written now."""
        now = f"{self.env.cr.now():%Y-%m-%dT%H:%M:%S.000Z}"
        about = {"reference": order.name, "date": now}
        self._put(*numbers, **{"transaction": about, "submittedAt": now, **values})

    def _put_invited(self, order, *numbers, **values):
        """Have reviews to which the invitation of an order led, written now."""
        self.invitations._create_for(order)
        event_ref = f"evt-{order.id}"
        self._get_invitation(order).write({"event_ref": event_ref, "state": "accepted"})
        self._put_about(order, *numbers, event={"id": event_ref}, **values)

    def _make_carded_order(self, **values):
        """Return an order whose buyer had the Trustcard, and did not agree with us."""
        order = self._make_order(consent=False, **values)
        order.trustedshops_card_delivered_at = self.env.cr.now()
        return order

    def _drop(self, *numbers):
        """Have reviews removed at Trusted Shops."""
        refs = {f"rev-{number}" for number in numbers}
        rows = self.etrusted.reviews
        self.etrusted.reviews = [each for each in rows if each["id"] not in refs]

    def _change(self, number, **values):
        """Have a review changed at Trusted Shops now."""
        [row] = [
            each for each in self.etrusted.reviews if each["id"] == f"rev-{number}"
        ]
        row.update(values)
        row["updatedAt"] = f"{self.env.cr.now():%Y-%m-%dT%H:%M:%S.000Z}"

    def _read(self, size=None, **after):
        """Run the scheduled action after a while, with pages of some size."""
        if after:
            self._wait(**after)
        self._end_rest()
        with (
            patch.object(reading, "PAGE_SIZE", size or reading.PAGE_SIZE),
            self.enter_registry_test_mode(),
        ):
            # Not the button, which also reads what was read just before.
            ir_cron.IrCron.method_direct_trigger(self.env.ref(READ_CRON))
        self.env.invalidate_all()

    def _press(self, record, button, *args, **values):
        """Press a button in a transaction of its own, as a request does."""
        self.env.flush_all()
        try:
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                own = record.with_env(record.env(cr=cr))
                return getattr(own, button)(*args, **values)
        finally:
            self.env.invalidate_all()

    def _tell(self, number, user=None, text="Thank you!", **values):
        """Have a user reply to a review."""
        review = self._get(number).with_user(user or self.env.user)
        return self._press(review, "_send_reply", text, **values)

    def _get(self, number):
        return self.reviews.search([("review_ref", "=", f"rev-{number}")])

    def _get_refs(self):
        return sorted(self.reviews.search([]).mapped("review_ref"))

    @classmethod
    def _make_user(cls, login, *groups, company=None):
        company = company or cls.env.company
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
            email=f"{login}@shop.example",
        )


__all__ = ["NOW", "READING_LOGGER", "ReviewCommon", "make_review"]
