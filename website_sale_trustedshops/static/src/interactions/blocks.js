import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

/**
 * Starts our blocks of the website builder. Their code is loaded only by pages that have
 * one, so that others need not wait for it.
 */
export class Blocks extends Interaction {
    static selector = ".s_trustedshops_badge, .s_trustedshops_reviews";

    async willStart() {
        await this.waitFor(loadBundle("website_sale_trustedshops.assets_blocks"));
    }

    start() {
        const service = this.services["public.interactions"];
        for (const name of ["badge_snippet", "reviews_snippet"]) {
            const Block = registry
                .category("public.interactions")
                .get(`website_sale_trustedshops.${name}`);
            if (!service.Interactions.includes(Block)) {
                service.Interactions.push(Block);
            }
        }
        service.startInteractions(this.el);
    }
}

registry
    .category("public.interactions")
    .add("website_sale_trustedshops.blocks", Blocks);
