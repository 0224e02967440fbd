-- Copyright 2026 Trusted Shops for Odoo contributors
-- License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

-- A copy of the database asks nobody: what waits ends, and orders whose buyers agreed
-- have a row that ended, so that the copy makes none for them.
UPDATE trustedshops_invitation
   SET state = 'cancelled',
       reason = 'copied',
       ended_at = now() AT TIME ZONE 'UTC',
       next_attempt_at = NULL,
       payload = NULL
 WHERE state IN ('waiting', 'due', 'sending', 'unknown')
    OR reason IN ('cancelled', 'no_consent');
INSERT INTO trustedshops_invitation
       (order_id, order_reference, channel_id, company_id, state, reason, ended_at)
SELECT DISTINCT ON (o.id)
       o.id, o.name, COALESCE(c.channel_id, l.id), o.company_id, 'cancelled', 'copied',
       now() AT TIME ZONE 'UTC'
  FROM trustedshops_consent c
  JOIN sale_order o ON o.id = c.order_id
  JOIN trustedshops_channel l ON l.company_id = o.company_id
 WHERE c.kind = 'given'
ON CONFLICT (order_id) DO NOTHING;
-- A copy of the database talks to nobody: no login, no production.
UPDATE trustedshops_account
   SET client_id = NULL,
       client_secret = NULL,
       environment = 'sandbox',
       state = 'draft',
       limited_until = NULL,
       refused_at = NULL;
-- A copy of the database asks nobody, and mails nobody what the original mails. The
-- mails go first: once their requests are gone nothing leads to them. Without requests,
-- who has the copy can confirm nothing at the original.
DELETE FROM mail_message
 WHERE id IN (SELECT m.mail_message_id
                FROM mail_mail m
                JOIN trustedshops_consent c ON c.mail_id = m.id);
DELETE FROM trustedshops_consent
 WHERE kind IN ('ticked', 'requested')
   AND id NOT IN (SELECT request_id
                    FROM trustedshops_consent
                   WHERE request_id IS NOT NULL);
UPDATE trustedshops_consent
   SET mail_due = FALSE,
       mail_tries = 0;
UPDATE trustedshops_channel
   SET consent_mode = 'off';
