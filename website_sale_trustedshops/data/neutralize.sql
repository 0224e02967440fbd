-- Copyright 2026 Trusted Shops for Odoo contributors
-- License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

-- A copy of the database talks to nobody: no login, no production, an empty queue.
UPDATE trustedshops_certificate
   SET ws_user = NULL,
       ws_password = NULL,
       environment = 'sandbox';
UPDATE trustedshops_protection
   SET state = 'cancelled',
       environment = 'sandbox',
       last_error = 'copied',
       error_values = NULL,
       billable = 'void',
       owed_fee = 0
 WHERE state IN ('queued', 'sending', 'on_hold', 'requested');
-- Nor does it mail the buyer what the original has mailed, or will.
UPDATE trustedshops_protection
   SET mail_due = FALSE,
       mail_tries = 0
 WHERE mail_due OR mail_tries > 0;
DELETE FROM mail_message
 WHERE id IN (SELECT m.mail_message_id
                FROM mail_mail m
                JOIN mail_message n ON n.id = m.mail_message_id
               WHERE n.model = 'trustedshops.protection'
                 AND n.message_type = 'email_outgoing'
                 AND m.is_notification
                 AND m.state IN ('outgoing', 'exception'));
DELETE FROM ir_config_parameter
 WHERE key IN ('website_sale_trustedshops.sandbox_url',
               'website_sale_trustedshops.test_offers_for_everybody');
UPDATE trustedshops_service
   SET silent_since = NULL,
       rests_until = NULL,
       pause_minutes = 0,
       missed_id = 0;
