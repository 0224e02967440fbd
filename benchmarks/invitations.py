# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The reviews of a shop that is made big: its channel, orders and invitations."""

from wsts.steps import let_shop_invite

SET_UP = """
website = env['website'].search([], order='id', limit=1)
account = env['trustedshops.account'].create({
    'company_id': website.company_id.id, 'environment': 'sandbox',
    'client_id': 'sandbox-client', 'client_secret': 'sandbox-client-secret',
    'user_id': env.ref('base.user_admin').id})  # a person, as in any shop
account._ask()
channel = account.channel_ids.sorted('channel_ref')[0]
channel.write({
    'website_id': website.id, 'lang_id': False, 'inviter': 'odoo',
    'consent_mode': 'checkbox', 'trigger': 'placed'})
result = channel.channel_ref
"""
# Orders of one desk whose buyers agreed; each buyer has an address of his own.
PLACE_ORDERS = """
import uuid
channel = env['trustedshops.channel'].search([('website_id', '!=', False)], limit=1)
company, website = channel.company_id, channel.website_id
env = env(context={'allowed_company_ids': company.ids})
product = env.ref('product.product_product_3')
partner = env['res.partner'].create({
    'name': 'Erika Mustermann', 'email': 'erika@buyer.example',
    'country_id': env.ref('base.de').id})
for number in range(ORDERS):
    order = env['sale.order'].create({
        'partner_id': partner.id, 'website_id': website.id, 'company_id': company.id,
        'order_line': [(0, 0, {'product_id': product.id})]})
    order._action_confirm()
    order.state = 'sale'
    env['trustedshops.consent'].create({
        'kind': 'given', 'email': f'{uuid.uuid4().hex}@buyer.example',
        'moment': order.date_order, 'mode': 'checkbox', 'text': 'Ja',
        'order_id': order.id, 'channel_id': channel.id, 'company_id': company.id})
"""
RUN_QUEUE = """
env['trustedshops.invitation']._run_queue()
result = env['trustedshops.invitation'].search_count(
    [('state', 'in', ('waiting', 'due', 'sending'))])
"""
# Finished rows with consents of three years, of orders that are not there.
MAKE_HISTORY = """
cr = env.cr
cr.execute('SET session_replication_role = replica')
cr.execute('''
    INSERT INTO trustedshops_invitation (order_id, order_reference, email, channel_id,
        company_id, state, sent_at, answered_at, ended_at, attempt_count, event_ref)
    SELECT 1000000000 + n, 'OLD' || n, 'old' || n || '@buyer.example', channel_id,
           company_id, 'accepted', moment, moment, moment, 1, 'evt-' || n
      FROM (SELECT n, now() AT TIME ZONE 'UTC' - n * interval '1095 days' / ROWS
                   AS moment FROM generate_series(1, ROWS) AS n) AS past,
           (SELECT channel_id, company_id FROM trustedshops_invitation LIMIT 1)
           AS one''')
cr.execute('''
    INSERT INTO trustedshops_consent (order_id, email, channel_id, company_id, kind,
        mode, moment, create_date, nonce)
    SELECT order_id, email, channel_id, company_id, 'given', 'checkbox', sent_at,
           sent_at, order_id
      FROM trustedshops_invitation WHERE order_id > 1000000000''')
cr.execute('SET session_replication_role = DEFAULT')
cr.commit()
cr.execute('ANALYZE trustedshops_invitation')
cr.execute('ANALYZE trustedshops_consent')
"""


def set_up(shop, worker):
    """Connect the account of the sandbox, whose events lead to mails."""
    let_shop_invite(shop.sandbox, worker.run(SET_UP)["result"])


def place(worker, count):
    """Have orders whose buyers agreed.

    :param Odoo worker: of the shop
    :param int count: orders
    """
    worker.run(PLACE_ORDERS.replace("ORDERS", str(count)))
