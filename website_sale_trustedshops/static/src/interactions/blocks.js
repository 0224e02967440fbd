import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/**
 * Starts what only some pages have. Its code is loaded by those, so that others need not
 * wait for it.
 */
class Starter extends Interaction {
    /** Name of the bundle with the code. */
    static bundle = "";
    /** The interactions in the bundle. */
    static names = [];

    async willStart() {
        await this.waitFor(loadBundle(this.constructor.bundle));
    }

    start() {
        const service = this.services["public.interactions"];
        for (const name of this.constructor.names) {
            const Started = registry
                .category("public.interactions")
                .get(`website_sale_trustedshops.${name}`);
            if (!service.Interactions.includes(Started)) {
                service.Interactions.push(Started);
            }
        }
        service.startInteractions(this.el);
    }
}

/** Our blocks of the website builder. */
export class Blocks extends Starter {
    static selector = ".s_trustedshops_badge, .s_trustedshops_reviews";
    static bundle = "website_sale_trustedshops.assets_blocks";
    static names = ["badge_snippet", "reviews_snippet"];
}

/** The offer on the payment page. */
export class Checkout extends Starter {
    static selector = ".o_trustedshops_checkout";
    static bundle = "website_sale_trustedshops.assets_checkout";
    static names = ["protection_offer"];
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.blocks", Blocks)
    .add("website_sale_trustedshops.checkout", Checkout);
