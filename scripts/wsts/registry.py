# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What our addons add to Odoo, as text that two commits can be compared by."""

from . import odoo, postgres
from .machine import HOME, fail, say
from .testrun import TILL_MODULES, CannotGoOn, make_database

# Runs in `odoo shell`, where `env` and the names of our addons (`ADDONS`) are at hand.
DUMP = """
import ast, hashlib, inspect, textwrap

def is_ours(cls):
    return getattr(cls, "_module", None) in ADDONS

def body_hash(function):
    function = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    node = tree.body[0]
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    return hashlib.sha256(ast.dump(node).encode()).hexdigest()[:12]

def get_function(value):
    return getattr(value, "__func__", value)

ATTRIBUTES = (
    "string", "help", "required", "readonly", "store", "index", "compute", "inverse",
    "search", "related", "groups", "copy", "translate", "comodel_name", "inverse_name",
    "ondelete", "domain", "selection", "size", "digits", "currency_field",
    "compute_sudo", "precompute", "tracking", "sanitize", "default",
)

def dump_field(field):
    modules = sorted(each for each in field._modules if each in ADDONS)
    values = ((name, getattr(field, name, None)) for name in ATTRIBUTES)
    shown = [
        f"{name}={getattr(value, '__qualname__', None) or repr(value)}"
        for name, value in values if value not in (None, False)
    ]
    return f"{field.type} {' '.join(modules)} {' '.join(shown)}"

def dump_model(name):
    model = env.registry[name]
    classes = [cls for cls in model.mro() if getattr(cls, "_module", None)]
    for field in sorted(model._fields.values(), key=lambda each: each.name):
        if any(each in ADDONS for each in field._modules):
            yield f"{name}.{field.name}: {dump_field(field)}"
    ours = {each for cls in classes if is_ours(cls) for each in vars(cls)}
    for attribute in sorted(ours):
        chain = []
        for cls in classes:
            value = get_function(vars(cls).get(attribute))
            if not inspect.isfunction(inspect.unwrap(value) if value else None):
                continue
            own = f"={body_hash(value)}" if is_ours(cls) else ""
            chain.append(cls._module + own)
        if chain:
            yield f"{name}.{attribute}(): {' > '.join(chain)}"
    for key, value in sorted(model._table_objects.items()):
        if is_ours(value) or value._module in ADDONS:
            yield f"{name}.{key}: {value.get_definition(env.registry)}"

def dump_records():
    data = env["ir.model.data"].search([("module", "in", ADDONS)])
    for line in sorted(data, key=lambda each: each.complete_name):
        if line.model in ("ir.model.fields", "ir.model.fields.selection", "ir.model",
                          "ir.model.inherit", "ir.model.constraint"):
            continue
        record = env[line.model].browse(line.res_id).exists()
        shown = [
            str(record[name] and record[name].sorted("id").mapped("display_name")
                if field.relational else record[name])
            for name, field in sorted(record._fields.items())
            if field.store and field.type != "binary"
            and name not in ("arch_fs", "arch_prev", "arch_updated", "nextcall",
                             "lastcall", "create_date", "write_date", "message_ids",
                             "message_follower_ids")
        ] if record and line.model.startswith("ir.") else []
        digest = hashlib.sha256("|".join(shown).encode()).hexdigest()[:12]
        yield f"{line.model} {line.complete_name}: {digest}"

ours = sorted({
    name for name, model in env.registry.items()
    if any(is_ours(cls) for cls in model.mro())
})
with open(OUTPUT, "w") as output:
    for name in ours:
        for text in dump_model(name):
            print(text, file=output)
    for text in dump_records():
        print(text, file=output)
"""


def main():
    """Print the registry of the addons, a line for each thing, sorted."""
    try:
        with postgres.running():
            database = make_database("registry", TILL_MODULES)
            output = HOME / "logs" / f"{database}.txt"
            words = f"ADDONS = {odoo.ADDONS!r}\nOUTPUT = {str(output)!r}\n"
            odoo.shell(database, words + f"exec({DUMP!r}, globals())\n")
            postgres.drop(database)
    except CannotGoOn as problem:
        fail(problem)
    print(output.read_text(), end="")
    say("done")


if __name__ == "__main__":
    main()
