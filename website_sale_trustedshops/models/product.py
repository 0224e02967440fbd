# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import urls
from odoo.tools.barcode import get_barcode_check_digit

from .. import const


def _without_empty_sku(vals):
    """Return the values of ``create`` or ``write`` without an empty ID."""
    if vals.get("trustedshops_sku"):
        return vals
    return {name: value for name, value in vals.items() if name != "trustedshops_sku"}


class ProductProduct(models.Model):
    _inherit = "product.product"

    # Whether a user confirmed that the fee is booked correctly with this product.
    trustedshops_is_booking_checked = fields.Boolean(
        company_dependent=True,
        copy=False,
        groups=const.FEE_BOOKERS,
        export_string_translation=False,
    )

    @api.constrains("active")
    def _check_trustedshops_fee(self):
        """Refuse to archive the fee product of an active certificate.

        Core would remove the fee from carts without a notice, and buyers who had chosen
        Buyer Protection would order without it.
        """
        archived = self.filtered(lambda product: not product.active)
        certificates_sudo = (
            self.env["trustedshops.certificate"]
            .sudo()
            .search([("fee_product_id", "in", archived.ids), ("active", "=", True)])
        )
        if certificates_sudo:
            raise ValidationError(
                self.env._(
                    "The fee of Buyer Protection is sold with %(product)s"
                    " (%(certificates)s), so it cannot be archived. Choose another"
                    " product on that certificate first.",
                    product=certificates_sudo.fee_product_id[:1].display_name,
                    certificates=", ".join(certificates_sudo.mapped("ts_id")),
                )
            )


class ProductTemplate(models.Model):
    """Adds the ID of a product at Trusted Shops.

    All variants share it: reviews are for the product as the shop shows it, not for its
    sizes and colours.
    """

    _inherit = "product.template"

    trustedshops_sku = fields.Char(
        string="ID at Trusted Shops",
        compute="_compute_trustedshops_sku",
        store=True,
        readonly=False,
        copy=False,
        groups="base.group_user",
        help="Trusted Shops keeps the reviews of the product under this ID. It is fixed"
        " when the product is first published; only an administrator can change it.",
    )
    _trustedshops_sku_uniq = models.UniqueIndex(
        "(trustedshops_sku, COALESCE(company_id, 0))"
        " WHERE trustedshops_sku IS NOT NULL",
        "Another product has this ID at Trusted Shops already: the reviews of the two"
        " could not be told apart.",
    )

    # === IDENTIFIER === #
    @api.depends("is_published")
    def _compute_trustedshops_sku(self):
        """Set the ID of published products without one; it is never changed here.

        Trusted Shops learns nothing about unpublished products. The ID exists before a
        shopper opens a page, so that no page has to write it.

        All pending products are computed together. Core passes a thousand, but each
        search for a free ID would first compute the next thousand, and so on: in a shop
        with many products the installation would never end.
        """
        field = self._fields["trustedshops_sku"]
        products = self | self.env.records_to_compute(field).exists()
        self.env.remove_to_compute(field, products)
        with self.env.protecting([field], products):
            for product in products:
                product.trustedshops_sku = product.trustedshops_sku
            products._trustedshops_fix_skus()

    def _trustedshops_fix_skus(self):
        """Set the ID of published products that have none."""
        new = self.filtered(
            lambda each: (
                each.is_published and not each.trustedshops_sku and each._origin
            )
        )
        # Propose all of them first: each search would flush those already set.
        proposals = {each: each._trustedshops_generate_sku() for each in new}
        fixed = set()
        for product, sku in proposals.items():
            # If two products have the same proposal, the second gets another one.
            is_free = sku not in fixed
            product.trustedshops_sku = (
                sku if is_free else product._trustedshops_generate_sku()
            )
            fixed.add(product.trustedshops_sku)

    def _trustedshops_generate_sku(self):
        """Return an ID for the product that no other one has. To be extended.

        :return: the internal reference if it is free, else ``odoo-`` and the database
            id, if need be with a random suffix
        :rtype: str
        """
        self.ensure_one()
        code, own = self.default_code, f"odoo-{self._origin.id}"
        # Trusted Shops may know an older product by a reference that is not fixed yet.
        is_told = Domain("is_published", "=", True)
        is_told &= Domain("product_variant_ids.default_code", "=", code)
        if code and not (
            self._trustedshops_is_taken(code) or self._trustedshops_has_other(is_told)
        ):
            return code
        is_taken = self._trustedshops_is_taken(own)
        return f"{own}-{uuid.uuid4().hex[:8]}" if is_taken else own

    def _trustedshops_is_taken(self, sku):
        """Return True if another product has an ID already.

        See :meth:`_trustedshops_has_other` for the products that count.

        :param str sku: the ID
        :rtype: bool
        """
        return self._trustedshops_has_other(Domain("trustedshops_sku", "=", sku))

    def _trustedshops_has_other(self, domain):
        """Return True if a domain finds another product that is sold beside this one.

        Those are the products of its company and the shared ones; for a shared product,
        all products. Archived ones count, and those that the user may not read. Do not
        join conditions with OR, with which PostgreSQL would read all products: call
        this once for each.

        :param Domain domain: condition
        :rtype: bool
        """
        self.ensure_one()
        domain &= Domain("id", "!=", self._origin.id)
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        products_sudo = self.sudo().with_context(active_test=False)
        return bool(products_sudo.search_count(domain, limit=1))

    @api.constrains("trustedshops_sku", "company_id")
    def _check_trustedshops_sku(self):
        """Refuse an ID of another product of the company, or of a shared product.

        The index alone would let a shared product have the ID of a company's.
        """
        for product in self.sudo().filtered("trustedshops_sku"):
            if product._trustedshops_is_taken(product.trustedshops_sku):
                raise ValidationError(
                    self.env._(
                        "Another product has this ID at Trusted Shops already: the"
                        " reviews of the two could not be told apart."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `product` to ignore an empty ID, as an import may contain it."""
        return super().create([_without_empty_sku(vals) for vals in vals_list])

    def write(self, vals):
        """Override of `product` to keep the ID that Trusted Shops knows.

        Ignore an empty ID.

        :raise AccessError: when a user who is not an administrator changes an ID
        """
        vals = _without_empty_sku(vals)
        if "trustedshops_sku" in vals and not self.env.is_system():
            told = set(self.sudo().mapped("trustedshops_sku")) - {False}
            if told - {vals["trustedshops_sku"]}:
                raise AccessError(
                    self.env._(
                        "Only an administrator can change the ID of a product at"
                        " Trusted Shops: its reviews stay with the old one."
                    )
                )
        return super().write(vals)

    # === TRUSTCARD === #
    def _trustedshops_prepare_card_item(self, website, variants):
        """Return the data of a bought product for the Trustcard. To be extended.

        :param website: record of ``website`` on which it was bought
        :param variants: records of ``product.product`` that were bought
        :return: text, may be '', by the last part of its CSS class in the page, such as
            ``Name``
        :rtype: dict[str, str]
        """
        self.ensure_one()
        base_url = website.get_base_url()
        has_image = self._trustedshops_has_image()
        image = website.image_url(self, "image_512") if has_image else ""
        return {
            "Url": urls.urljoin(base_url, self.website_url),
            "ImageUrl": image and urls.urljoin(base_url, image),
            "Name": self.name,
            "SKU": self.trustedshops_sku or "",
            "GTIN": self._trustedshops_get_gtin(variants),
            "MPN": self._trustedshops_get_mpn(variants),
            "Brand": self._trustedshops_get_brand(variants),
        }

    def _trustedshops_get_brand(self, variants):
        """Return the brand of a bought product, by default ''. To be extended.

        Odoo has no field for brands. Shoppers' pages call this method without sudo, and
        may not read every field.

        :param variants: records of ``product.product`` that were bought
        :rtype: str
        """
        return ""

    def _trustedshops_get_mpn(self, variants):
        """Return the manufacturer's part number of a bought product, by default ''.

        To be extended, see :meth:`_trustedshops_get_brand`.

        :param variants: records of ``product.product`` that were bought
        :rtype: str
        """
        return ""

    def _trustedshops_has_image(self):
        """Return True if the product has an image, without reading it.

        Reading the field would read the whole attachment, even if the context asks for
        the size only.
        """
        pictures_sudo = self.env["ir.attachment"].sudo()
        of_product = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        domain = [*of_product, ("res_field", "=", "image_128")]
        return bool(pictures_sudo.search_count(domain, limit=1))

    def _trustedshops_get_gtin(self, variants):
        """Return the GTIN of a bought product: the barcode of its variant.

        :param variants: records of ``product.product`` that were bought
        :return: '' for several variants, or a barcode that is not a valid GTIN or
            equals the ID at Trusted Shops
        :rtype: str
        """
        gtin = variants.barcode if len(variants) == 1 else ""
        # GTIN-8, UPC, EAN-13 or GTIN-14.
        is_gtin = gtin and re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", gtin)
        if not is_gtin or gtin == self.trustedshops_sku:
            return ""  # Trusted Shops refuses one that only repeats the SKU
        return gtin if get_barcode_check_digit(gtin) == int(gtin[-1]) else ""
