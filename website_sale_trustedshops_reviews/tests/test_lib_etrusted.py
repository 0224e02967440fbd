# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ssl
import threading
import time
from unittest.mock import patch

import requests

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib import http
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.tests.lib_common import everything_logged

from ..lib import etrusted, tokens
from ..lib.errors import AccessRefusedError, LoginRefusedError
from ..lib.etrusted import Channel, ETrustedClient, clean_login
from .fake_etrusted import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeETrusted,
    make_channel,
    make_setting,
)

EVENT = {
    "type": "order_status_from_odoo",
    "customer": {
        "email": "erika@muster.example",
        "firstName": "Erika",
        "lastName": "Müller & Söhne",
    },
    "channel": {"id": "chl-de", "type": "etrusted"},
    "transaction": {"reference": "S00042", "date": "2026-11-02T10:00:00Z"},
}
HTML = "<html><body>Bad Gateway</body></html>"
BAD_GATEWAY = (502, HTML)


class ETrustedCase(BaseCase):
    """Case with a client of which every request is answered here."""

    def setUp(self):
        super().setUp()
        self.service = service = FakeETrusted()
        self.enterContext(
            patch.object(requests.Session, "send", lambda _s, r, **kw: service.send(r))
        )
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))
        self.client = self.make_client()

    def make_client(self, secret=CLIENT_SECRET, environment="production"):
        client = ETrustedClient(etrusted.HOSTS[environment], CLIENT_ID, secret)
        self.addCleanup(client.close)
        return client

    def get_error(self, call, *args):
        """Return the error of a call, and that nothing of requests hangs on it."""
        with self.assertRaises(TrustedShopsError) as caught:
            call(*args)
        self.assertIsNone(caught.exception.__context__)
        return caught.exception


class TestLibToken(ETrustedCase):
    """One token per login, for as long as it is good."""

    def count_tokens(self, *moments):
        """Return how many tokens calls at these seconds needed."""
        clock = self.enterContext(patch.object(tokens, "time"))
        for moment in moments:
            clock.monotonic.return_value = moment
            self.client.get_channels()
        return self.service.count("getToken")

    def test_a_login_is_sent_as_a_form_to_its_own_host(self):
        self.client.get_channels()
        login, call = self.service.requests
        self.assertEqual(login.url, "https://login.etrusted.com/oauth/token")
        self.assertEqual(
            login.headers["Content-Type"], "application/x-www-form-urlencoded"
        )
        self.assertNotIn("Authorization", login.headers)
        self.assertEqual(
            self.service.get_bodies("getToken"),
            [
                {
                    "grant_type": "client_credentials",
                    "client_id": "client-4711",
                    "client_secret": "clientsecret-0815",
                    "audience": "https://api.etrusted.com",
                }
            ],
        )
        self.assertEqual(call.url, "https://api.etrusted.com/channels")
        self.assertEqual(call.headers["Authorization"], "Bearer bearer-0815-1")
        self.assertNotIn("client_secret", call.url)

    def test_a_token_is_used_until_a_minute_before_it_ends(self):
        self.assertEqual(self.count_tokens(0, 3539, 3540, 7079), 2)

    def test_every_lifetime_in_the_answer_is_understood(self):
        for expires_in, moments, expected in (
            ("3600", (0, 3539, 3540), 2),
            (3600.7, (0, 3539, 3540), 2),
            (0, (0, 0, 1), 3),
            (-5, (0, 0), 2),
            (30, (0, 1), 2),
            (None, (0, 239, 240), 2),
            ("soon", (0, 239, 240), 2),
            ([], (0, 239, 240), 2),
            (10**400, (0, 239, 240), 2),
            (10**9, (0, 86_339, 86_340), 2),
        ):
            with self.subTest(expires_in=expires_in):
                self.service.reset()
                etrusted._tokens.__init__()
                self.service.expires_in = expires_in
                self.assertEqual(self.count_tokens(*moments), expected)

    def test_logins_do_not_share_a_token(self):
        for client in (
            self.client,
            self.make_client(),
            self.make_client("clientsecret-0816"),
            self.make_client(environment="qa"),
        ):
            client.get_channels()
        self.assertEqual(self.service.count("getToken"), 3)

    def test_a_token_that_ends_early_is_renewed_once(self):
        self.client.get_channels()
        self.service.script("getChannels", (401, {"Message": "expired"}))
        self.assertEqual(len(self.client.get_channels()), 1)
        self.assertEqual(self.service.count("getToken"), 2)
        self.service.always["getChannels"] = (401, {"Message": "no"})
        error = self.get_error(self.client.get_channels)
        self.assertIsInstance(error, LoginRefusedError)
        self.assertEqual(
            str(error), "Trusted Shops answered getChannels with HTTP status 401: no"
        )
        self.assertEqual(self.service.count("getChannels"), 5)
        self.assertEqual(self.service.count("getToken"), 3)
        # What was refused is not tried again.
        del self.service.always["getChannels"]
        self.client.get_channels()
        self.assertEqual(self.service.count("getToken"), 4)

    def test_a_login_that_is_refused(self):
        for status in (400, 401, 403):
            self.service.script(
                "getToken", (status, {"error": f"{CLIENT_SECRET} is wrong"})
            )
            error = self.get_error(self.client.send_event, EVENT)
            self.assertIsInstance(error, LoginRefusedError)
            self.assertEqual(str(error), f"Login refused with HTTP status {status}")
        self.assertEqual(self.service.count("sendEvent"), 0)

    def test_a_gateway_that_refuses_says_nothing_about_the_login(self):
        self.service.script("getToken", (403, HTML))
        error = self.get_error(self.client.send_event, EVENT)
        self.assertIs(type(error), RetryableError)
        self.assertFalse(error.maybe_sent)

    def test_a_login_without_answer_has_sent_no_event(self):
        lines = "bearer\r\nX: y"
        for answer in (
            requests.ReadTimeout(),
            BAD_GATEWAY,
            (200, HTML),
            (200, {}),
            (200, {"access_token": lines}),
            (200, {"access_token": ""}),
            (200, {"access_token": 5}),
            (200, []),
            (302, "", {"Location": "https://evil.example/"}),
            (429, "", {"Retry-After": "7"}),
        ):
            with self.subTest(answer=answer):
                self.service.script("getToken", answer)
                error = self.get_error(self.client.send_event, EVENT)
                self.assertIsInstance(error, RetryableError)
                self.assertFalse(error.maybe_sent)
        self.assertEqual(error.retry_after, 7)
        self.assertEqual(self.service.count("sendEvent"), 0)

    def test_threads_wait_for_one_token(self):
        def answer(*_args):
            time.sleep(0.05)
            return "bearer", 3600

        asked = []
        store = tokens.TokenStore()
        threads = [
            threading.Thread(
                target=lambda: store.get(("a",), lambda: asked.append(1) or answer())
            )
            for _number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(asked), 1)

    def test_many_logins_do_not_fill_the_memory(self):
        store = tokens.TokenStore()
        for number in range(300):
            store.get((number,), lambda: ("bearer", 0))
        self.assertLess(len(store._entries), 101)

    def test_login_is_cleaned_of_invisible_characters(self):
        for text in (
            " abc-1 ",
            "abc\r\n-1\n",
            "abc\t- 1",
            "\ufeffabc\u200b-\u20601",
            "abc\u00a0-1\u2028",
        ):
            self.assertEqual(clean_login(text), "abc-1")
        self.assertEqual((clean_login(None), clean_login(False)), ("", ""))
        with self.assertRaises(ValueError):
            self.make_client("\u200b ")


class TestLibChannels(ETrustedCase):
    """What the account has, and what Trusted Shops does there."""

    def test_channels(self):
        self.service.channels = [
            make_channel(
                "chl-de", "https://shop.example/de", "de_DE", " Lampen\nladen"
            ),
            make_channel("chl-de", "https://shop.example/de", "de_DE", "Lampenladen"),
            {"id": "chl-bare", "url": None, "locale": 5},
        ]
        self.assertEqual(
            self.client.get_channels(),
            (
                Channel("chl-de", "Lampenladen", "https://shop.example/de", "de_DE"),
                Channel("chl-bare", "", "", ""),
            ),
        )

    def test_an_answer_that_makes_no_sense(self):
        for content in (
            "",
            HTML,
            "[" * 100_000,
            {},
            {"channels": []},
            ["chl-de"],
            [{"name": "no id"}],
            [make_channel("chl/../../events", "", "")],
            [make_channel("", "", "")],
            [make_channel(5, "", "")],
            [make_channel("c" * 101, "", "")],
        ):
            with self.subTest(content=str(content)[:40]):
                self.service.script("getChannels", (200, content))
                error = self.get_error(self.client.get_channels)
                self.assertIsInstance(error, RetryableError)
                self.assertEqual(
                    str(error),
                    "The answer of Trusted Shops to getChannels makes no sense",
                )

    def test_the_delay_that_counts_is_the_longest_of_what_is_enabled(self):
        product = "productInviteConfiguration"
        for service, other, expected in (
            ({}, {}, (False, None)),
            ({"enabled": True, "sendingDelayInDays": 7}, {}, (True, 7)),
            (
                {"enabled": True, "sendingDelayInDays": 0},
                {"enabled": False, "sendingDelayInDays": 7},
                (True, 0),
            ),
            (
                {"enabled": True, "sendingDelayInDays": 2},
                {"enabled": True, "sendingDelayInDays": 5},
                (True, 5),
            ),
            ({"sendingDelayInDays": 3}, None, (False, 3)),
            ({"enabled": True, "sendingDelayInDays": "5"}, None, (True, None)),
            ({"enabled": True, "sendingDelayInDays": -1}, None, (True, None)),
        ):
            row = make_setting("set-1", "ety-1")
            row["serviceInviteConfiguration"], row[product] = service, other
            self.service.settings = [row]
            [setting] = self.client.get_invite_settings("chl-de")
            self.assertEqual((setting.is_enabled, setting.delay_days), expected)

    def test_invalid_id_never_becomes_part_of_an_address(self):
        for ref in ("", None, "chl de", "../events", "chl?x=1", "chl-ä"):
            with self.assertRaises(ValueError):
                self.client.get_invite_settings(ref)
        self.assertEqual(self.service.calls, [])


class TestLibEvents(ETrustedCase):
    """One event a call: taken, refused, or it is said what may have happened."""

    def test_an_event_is_sent_as_it_is(self):
        self.assertEqual(self.client.send_event(EVENT), "evt-2")
        request = self.service.requests[-1]
        self.assertEqual(request.url, "https://api.etrusted.com/events")
        self.assertEqual(request.headers["Content-Type"], "application/json")
        self.assertIn("Müller & Söhne".encode(), request.body)
        self.assertEqual(self.service.get_bodies("sendEvent"), [EVENT])

    def test_event_is_accepted_with_an_object_in_json(self):
        for body, expected in (
            ({"EventRef": "evt-9"}, "evt-9"),
            ({"Message": "ok"}, ""),
            ({"EventRef": "<b>"}, ""),
            ({"EventRef": 9}, ""),
            ({}, ""),
        ):
            with self.subTest(body=body):
                self.service.script("sendEvent", (202, body))
                self.assertEqual(self.client.send_event(EVENT), expected)

    def test_calls_without_an_answer_that_may_have_arrived(self):
        connect = requests.ConnectTimeout()
        for answer, maybe_sent, status in (
            (connect, False, None),
            (requests.ReadTimeout(), True, None),
            ((500, HTML), True, 500),
            ((503, {"Message": "later"}), True, 503),
            ((502, HTML), True, 502),
            ((504, HTML), True, 504),
            ((408, HTML), True, 408),
            ((302, "", {"Location": "https://evil.example/"}), True, 302),
            # A gateway says anything but what the interface would.
            *(((status, {"EventRef": "evt-9"}), True, None) for status in (200, 201)),
            *(((202, body), True, None) for body in (["evt-9"], HTML, "")),
            ((202, "x" * 300_000), True, None),
            ((202, {}, {"Content-Encoding": "gzip"}), True, None),
            ((203, {}), True, 203),
            *(((status, HTML), False, status) for status in (403, 404, 405)),
            ((403, ["no"]), False, 403),
        ):
            with self.subTest(answer=str(answer)[:60]):
                self.service.script("sendEvent", answer)
                error = self.get_error(self.client.send_event, EVENT)
                self.assertIsInstance(error, RetryableError)
                self.assertEqual((error.maybe_sent, error.status), (maybe_sent, status))
                self.assertTrue(error.is_silence)
                is_refused = status in (403, 404, 405)
                self.assertEqual(error.is_from_gateway, is_refused)

    def test_a_pause_that_it_asks_for_is_an_answer(self):
        self.service.script("sendEvent", (429, HTML))
        error = self.get_error(self.client.send_event, EVENT)
        self.assertEqual((error.maybe_sent, error.status), (False, 429))
        self.assertEqual(error.retry_after, 60)
        self.assertFalse(error.is_silence)

    def test_a_refusal_says_why(self):
        for status, body, kind, message in (
            (
                400,
                {"Message": 'Invalid request: instance requires property "channel"'},
                RefusedError,
                ': Invalid request: instance requires property "channel"',
            ),
            (404, {"Error": "x", "ErrorDescription": "gone"}, RefusedError, ": gone"),
            (409, {"Message": 5}, RefusedError, ""),
            (422, ["a"], RefusedError, ""),
            (400, {"Message": "a" * 500}, RefusedError, ": " + "a" * 200),
            (403, {"Message": "no"}, AccessRefusedError, ": no"),
        ):
            with self.subTest(body=body):
                self.service.script("sendEvent", (status, body))
                error = self.get_error(self.client.send_event, EVENT)
                self.assertIs(type(error), kind)
                self.assertEqual(error.status, status)
                self.assertEqual(
                    str(error),
                    f"Trusted Shops answered sendEvent with HTTP status {status}"
                    f"{message}",
                )

    def test_what_staff_are_told_about_each_error(self):
        wrong = requests.exceptions.SSLError(ssl.SSLCertVerificationError("wrong"))
        said = {"Message": 'instance requires property "channel"'}
        words = said["Message"]
        for answer, trouble in (
            (requests.ConnectTimeout(), "unreached"),
            (wrong, "unverified"),
            (requests.ReadTimeout(), "unanswered"),
            (requests.exceptions.ChunkedEncodingError("cut short"), "unanswered"),
            ((302, "", {"Location": "https://evil.example/"}), "unanswered"),
            ((200, {"EventRef": "evt-9"}), "unanswered"),
            ((202, HTML), "unanswered"),
            ((202, "x" * 300_000), "unanswered"),
            ((202, {}, {"Content-Encoding": "gzip"}), "unanswered"),
            ((203, {}), "unanswered"),
            *(((status, said), words) for status in (400, 403, 404, 409, 422, 429)),
            ((400, {"error": "invalid_request"}), "refused"),
            ((400, {"error": "denied"}), "denied"),
            ((403, {"Error": "invalid_x: gone"}), "invalid_x: gone"),
            *(((status, {}), "refused") for status in (400, 403, 404, 429)),
            *(((status, HTML), "refused") for status in (403, 404, 405, 408, 422, 429)),
            ((408, said), "refused"),
            *(((status, said), "server_error") for status in (500, 502, 503)),
            ((500, HTML), "server_error"),
            ((400, {"Message": "HTTP status\n500"}), "HTTP status 500"),
        ):
            with self.subTest(answer=str(answer)[:60]):
                self.service.script("sendEvent", answer)
                error = self.get_error(self.client.send_event, EVENT)
                self.assertEqual(error.trouble, trouble)

    def test_what_staff_are_told_about_a_login_without_token(self):
        for answer, trouble in (
            ((400, {"error": "invalid_client"}), "refused"),
            ((401, {"error_description": "Unauthorized"}), "refused"),
            ((403, {}), "refused"),
            ((403, HTML), "refused"),
            ((404, {"error_description": "Unknown host"}), "Unknown host"),
            ((429, {}), "refused"),
            ((500, {}), "server_error"),
            ((200, {}), "unanswered"),
            (requests.ConnectTimeout(), "unreached"),
            (requests.ReadTimeout(), "unanswered"),
        ):
            with self.subTest(answer=answer):
                self.service.script("getToken", answer)
                error = self.get_error(self.client.send_event, EVENT)
                self.assertEqual(error.trouble, trouble)

    def test_what_staff_are_told_about_a_login_that_is_refused_twice(self):
        for answer, trouble in (
            ((401, {"Message": "expired"}), "expired"),
            ((401, {"error": "invalid_token"}), "refused"),
            ((401, HTML), "refused"),
        ):
            with self.subTest(answer=answer):
                self.service.script("sendEvent", answer, answer)
                error = self.get_error(self.client.send_event, EVENT)
                self.assertEqual(error.trouble, trouble)

    def test_how_long_the_service_wants_to_be_left_alone(self):
        """A clock that is wrong, there or here, makes the pause no longer."""
        until = "Mon, 02 Nov 2026 10:02:00 GMT"
        with patch.object(http.time, "time", return_value=1_793_613_600):
            for text, answered_at, seconds in (
                ("120", "", 120),
                (" 5 ", "", 5),
                ("0", "", 1),
                ("", "", 60),
                ("-3", "", 60),
                ("soon", "", 60),
                ("1.5", "", 60),
                ("99999999999999999999", "", 86_400),
                (until, "", 121),
                (until, "Mon, 02 Nov 2026 10:01:30 GMT", 31),
                (until, "Mon, 02 Nov 2026 10:03:00 GMT", 1),
                (until, "soon", 121),
                ("Mon, 02 Nov 2026 09:00:00 GMT", "", 1),
                ("Mon, 02 Nov 2099 10:02:00 GMT", "", 86_400),
                ("Mon, 99 Nov 2026", "", 60),
            ):
                headers = {"Retry-After": text, "Date": answered_at}
                self.service.script("sendEvent", (429, "", headers))
                with self.subTest(text=text, answered_at=answered_at):
                    error = self.get_error(self.client.send_event, EVENT)
                    self.assertEqual(error.retry_after, seconds)


class TestLibETrustedMessages(ETrustedCase):
    """What the service says may be shown and stored, but for what it repeats of ours.

    A word with a piece of one secret goes, so none of these has a piece of another one.
    """

    TOKENS = ("QwertZuiop.1", "AsdfghJkl.2")
    LOGIN = ("id_of_the_shop", "xY7-pass-word")
    BUYER = "Wolkenstein"
    # After 401 the token is renewed, and the second answer counts.
    STATUSES = (400, 401, 403, 404, 422, 429)

    def get_message(self, status, repeated):
        self.service.reset()
        etrusted._tokens.__init__()
        for token in self.TOKENS:
            self.service.script("getToken", (200, {"access_token": token}))
        answer = (status, {"Message": f"no, {repeated} !"})
        self.service.script("sendEvent", answer, answer)
        event = {**EVENT, "customer": {"lastName": self.BUYER}}
        with (
            ETrustedClient(etrusted.HOSTS["qa"], *self.LOGIN) as client,
            everything_logged() as records,
        ):
            message = str(self.get_error(client.send_event, event))
        logged = " ".join(record.getMessage() for record in records)
        self.assertIn("Trusted Shops sendEvent: ", logged)
        for secret in (*self.TOKENS, *self.LOGIN, self.BUYER):
            self.assertNotIn(secret, logged)
        return message

    def test_what_the_service_repeats_of_ours_is_in_no_message_and_no_log(self):
        for status in self.STATUSES:
            token = self.TOKENS[status == 401]
            for secret in (token, *self.LOGIN, self.BUYER):
                self.assertEqual(
                    self.get_message(status, secret),
                    f"Trusted Shops answered sendEvent with HTTP status {status}: no,"
                    " *** !",
                )
