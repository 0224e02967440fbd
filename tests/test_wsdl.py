# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addon and sandbox bring the same services, each in files of its own."""

import pytest
from lxml import etree

from wsts.machine import ROOT

ADDON = ROOT / "website_sale_trustedshops" / "lib" / "wsdl"
SANDBOX = ROOT / "trustedshops_sandbox" / "wsdl"
# Files of the addon, and what the sandbox calls the same service.
WSDLS = {
    "ApplicationRequestService.wsdl": "ApplicationRequestService.wsdl",
    "TSProtectionService.wsdl": "TsProtection.wsdl",
}


def read_shape(element):
    """Return an element with its attributes and children, wherever the service is."""
    attributes = {
        name: value.split()
        for name, value in element.attrib.items()
        if name != "location"
    }
    children = [read_shape(child) for child in element.iterchildren("*")]
    return element.tag, attributes, children


@pytest.mark.parametrize(("ours", "theirs"), WSDLS.items())
def test_addon_and_sandbox_describe_the_same_service(ours, theirs):
    addon, sandbox = etree.parse(ADDON / ours), etree.parse(SANDBOX / theirs)
    assert read_shape(addon.getroot()) == read_shape(sandbox.getroot())


def test_each_service_that_the_addon_calls_is_compared():
    assert {path.name for path in ADDON.glob("*.wsdl")} == set(WSDLS)
