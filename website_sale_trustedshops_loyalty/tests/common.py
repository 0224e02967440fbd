# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon


class LoyaltyCommon(TrustedShopsCommon):
    """The shop of the main addon with programs of its own only.

    The fee of a cart up to 500.00 euro is 0.98, up to 1500.00 it is 2.94.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).action_archive()
        cls.top_up = cls.env["product.product"].create(
            {"name": "Top-up", "type": "service", "list_price": 1.0}
        )

    @classmethod
    def _make_program(cls, reward=None, rule=None, **values):
        """Return a promotion that applies by itself to every order."""
        reward = reward or {"discount": 10, "discount_mode": "percent"}
        return cls.env["loyalty.program"].create(
            {
                "name": "Program",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create(rule or {})],
                "reward_ids": [Command.clear(), Command.create(reward)],
                **values,
            }
        )

    @classmethod
    def _make_code(cls, code, reward=None, **rule):
        """Return a program for buyers who enter its code."""
        return cls._make_program(
            reward,
            {"mode": "with_code", "code": code, **rule},
            program_type="promo_code",
            trigger="with_code",
        )

    @classmethod
    def _make_card(cls, points, program_type="gift_card", product=None, **values):
        """Return a card with a balance in euro, of a program of its own.

        It is charged by a product, by default by one that is in no cart.
        """
        program = cls._make_program(
            {"discount_mode": "per_point", "discount": 1, "required_points": 1},
            {
                "reward_point_amount": 1,
                "reward_point_mode": "money",
                "reward_point_split": program_type == "gift_card",
                "product_ids": [Command.set((product or cls.top_up).ids)],
            },
            program_type=program_type,
            applies_on="both" if program_type == "loyalty" else "future",
        )
        return cls.env["loyalty.card"].create(
            {"program_id": program.id, "points": points, **values}
        )

    @classmethod
    def _make_wallet(cls, points):
        """Return the buyer's eWallet with a balance in euro."""
        return cls._make_card(points, "ewallet", partner_id=cls.buyer.id)

    def _claim(self, order, *programs):
        """Apply the rewards of programs as a visitor does who clicks on them."""
        cart = self._as_visitor(order)
        for program in programs:
            cart._update_programs_and_rewards()
            [coupon] = [
                coupon
                for coupon in cart._get_claimable_rewards()
                if coupon.program_id == program
            ]
            cart._apply_program_reward(program.reward_ids, coupon)
            cart._update_programs_and_rewards()

    def _enter(self, order, code):
        """Enter a code and take its reward; return what is refused, if anything."""
        cart = self._as_visitor(order)
        status = cart._try_apply_code(code)
        if "error" in status:
            return status["error"]
        for coupon, reward in status.items():
            cart._apply_program_reward(reward, coupon)
        cart._update_programs_and_rewards()
        return None

    def _redeem(self, order, source):
        """Take what a program offers, or pay with a card, as a visitor does."""
        if source._name == "loyalty.program":
            code = source.rule_ids.code
            return self._enter(order, code) if code else self._claim(order, source)
        if source.program_type in ("ewallet", "loyalty"):
            return self._claim(order, source.program_id)
        return self._enter(order, source.code)

    def _get_rewards(self, order):
        """Return what the reward lines take off."""
        return order.order_line.filtered("reward_id").mapped("price_total")

    def _get_points(self, order):
        """Return the points that the order earns, for each of its coupons."""
        return order.coupon_point_ids.mapped("points")
