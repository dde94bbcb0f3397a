"""The functions that CP-SAT programs define, by name."""

HELPERS = {
    "scaled": '''def scaled(number):
    """The number times SCALE, which must be whole: CP-SAT computes with integers only."""
    result = round(number * SCALE)
    if abs(result - number * SCALE) > 1e-6:
        raise ValueError(f"{number!r} has more decimals than SCALE = {SCALE} holds")
    return result
''',
    "maximum_of": '''def maximum_of(model, formulas):
    """A variable that equals the greatest of the formulas."""
    result = model.new_int_var(-LARGE, LARGE, "")
    model.add_max_equality(result, list(formulas))
    return result
''',
    "minimum_of": '''def minimum_of(model, formulas):
    """A variable that equals the least of the formulas."""
    result = model.new_int_var(-LARGE, LARGE, "")
    model.add_min_equality(result, list(formulas))
    return result
''',
    "absolute_value": '''def absolute_value(model, formula):
    """A variable that equals the absolute value of the formula."""
    result = model.new_int_var(0, LARGE, "")
    model.add_abs_equality(result, formula)
    return result
''',
    "one_of": '''def one_of(model, *relations):
    """At least one of the comparisons holds."""
    chosen = [model.new_bool_var("") for _ in relations]
    for relation, literal in zip(relations, chosen):
        model.add(relation).only_enforce_if(literal)
    model.add_bool_or(chosen)
''',
    "circuit": '''def circuit(model, arcs):
    """The chosen arcs (tail, head, variable) form one circuit through all nodes."""
    arcs = list(arcs)
    nodes = list(dict.fromkeys(node for tail, head, _ in arcs for node in (tail, head)))
    number = {node: k for k, node in enumerate(nodes)}
    model.add_circuit([(number[tail], number[head], chosen) for tail, head, chosen in arcs])
''',
}
