# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads Odoo's list of domains whose scripts wait for the visitor's consent.

A name on the list covers its subdomains, and a leading ``www.`` is ignored.
Source: ``cookie_watcher.js`` of `website`.
"""


def filter_domains(domains, hosts):
    """Return the list without the lines that cover certain hosts.

    Keep lines for a whole top-level domain, such as ``com``: they were not meant for
    these hosts.

    :param domains: lines of the list
    :type domains: iterable of str
    :param hosts: names, with their port if that is not the default of the scheme
    :type hosts: collection of str
    :rtype: list[str]
    """
    return [
        domain
        for domain in domains
        if "." not in domain or not any(_is_named(host, domain) for host in hosts)
    ]


def _is_named(host, domain):
    """Return True if a line of the list covers a host."""
    name = domain.strip().lower().removeprefix("www.")
    return bool(name) and f".{host.lower()}".endswith(f".{name}")
