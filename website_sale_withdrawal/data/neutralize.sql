-- Copyright 2026 Trusted Shops for Odoo contributors
-- License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

-- A copy of the database mails nobody: what waits counts as written.
UPDATE sale_withdrawal
   SET is_examined = TRUE,
       receipt_at = COALESCE(receipt_at, now() AT TIME ZONE 'UTC'),
       copy_at = COALESCE(copy_at, now() AT TIME ZONE 'UTC'),
       receipt_tries = 0,
       copy_tries = 0;
-- What the queue holds is not sent, nor what the mail server refused.
UPDATE mail_mail
   SET state = 'cancel'
  FROM mail_message
 WHERE mail_message.id = mail_mail.mail_message_id
   AND mail_message.model = 'sale.withdrawal'
   AND mail_mail.state IN ('outgoing', 'exception');
