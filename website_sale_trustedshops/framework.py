# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wraps the calls that Odoo 20 renames, each in one place."""

from odoo.fields import Domain


def get_parameter(env, name):
    """Return a system parameter, read in sudo.

    :param env: environment
    :param str name: key of the parameter
    :return: '' when it is not set
    :rtype: str
    """
    return env["ir.config_parameter"].sudo().get_param(name) or ""


def set_parameter(env, name, value):
    """Set a system parameter, in sudo.

    :param env: environment
    :param str name: key of the parameter
    :param value: text; False deletes the parameter
    :type value: str or bool
    """
    env["ir.config_parameter"].sudo().set_param(name, value)


def clear_caches(env):
    """Empty the caches of this and all other workers, which also hold rendered pages.

    Until the commit other threads of this process see what was before, and may cache
    it again, even a record that is deleted: so empty them after the commit, too.

    :param env: environment
    """
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)


def get_website(env, *, fallback=True):
    """Return the website of the request or of the context.

    :param env: environment
    :param bool fallback: whether to return the first website if there is none
    :return: record of ``website``
    """
    return env["website"].get_current_website(fallback=fallback)


def make_domain(make_sql):
    """Return a domain with a condition in SQL.

    :param make_sql: function that gets the alias of the table and returns ``SQL``
    :rtype: Domain
    """
    return Domain.custom(to_sql=lambda _model, alias, _query: make_sql(alias))
