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
    """Empty Odoo's default cache and its cached pages, in all workers.

    Empty them again after the commit: until then other threads of this process read the
    old values, and may cache them once more, even a record that is deleted.

    :param env: environment
    """
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)


def get_website(env, *, fallback=True):
    """Return the current website: of the session, the context or the request's domain.

    :param env: environment
    :param bool fallback: whether to return any website if there is none of these
    :return: record of ``website``, may be empty without ``fallback``
    """
    return env["website"].get_current_website(fallback=fallback)


def make_domain(make_sql):
    """Return a domain with a condition in SQL.

    :param make_sql: function that gets the alias of the table, and returns the
        condition as ``SQL``
    :rtype: Domain
    """
    return Domain.custom(to_sql=lambda _model, alias, _query: make_sql(alias))
