"""The rules once more, by recursion from the top and without a thought for speed.

Written apart from the engine, to be compared with it: every question is answered by looking
through all rows again. An amount is a pair (top, bottom), with bottom None for plain numbers.
"""

from fractions import Fraction

from evaluation.figures import Kind, SpaceOp, State, TimeOp
from evaluation.figures.inputs import DimensionKind

LISTED = "listed"  # in the place of an amount: there is something that cannot be combined


class Oracle:
    def __init__(self, tree, as_of=None, with_pending=False):
        self.tree, self.as_of, self.with_pending = tree, as_of, with_pending
        self.nodes = {node.id: node for node in tree.nodes}

    # Rows

    def periods(self, node):
        return sorted(node.periods, key=lambda p: (p.end, p.start, p.id))

    def counts(self, update):
        approved, waits = self.is_there(update)
        return approved or (self.with_pending and waits)

    def is_there(self, update):
        """Return whether it is approved, and whether it waits for that."""
        if self.as_of is None:
            approved, waits = update.state == "approved", update.state == "submitted"
        else:
            approved = update.state == "approved" and update.approved_at <= self.as_of
            handed_in = update.submitted_at is not None and update.submitted_at <= self.as_of
            returned = update.returned_at is not None and update.returned_at <= self.as_of
            waits = handed_in and not approved and not returned and update.state is not State.DRAFT
        return approved, waits

    def when(self, update):
        approved = update.state == "approved" and (
            self.as_of is None or update.approved_at <= self.as_of
        )
        return (
            (0, update.approved_at, update.id) if approved else (1, update.submitted_at, update.id)
        )

    def standing(self, node, reporter, period, cell):
        rows = [
            u
            for u in self.tree.updates
            if (u.indicator, u.reporter, u.period, u.cell) == (node.id, reporter, period.id, cell)
            and self.counts(u)
        ]
        if not rows:
            return []
        latest = max(rows, key=self.when)
        if not latest.is_additive or node.definition.kind in (Kind.YES_NO, Kind.ORDINAL):
            return [latest]
        sources = {u.source for u in rows if u.is_additive}
        return [
            max((u for u in rows if u.is_additive and u.source == s), key=self.when)
            for s in sources
        ]

    def number(self, node, update):
        r = update.reported
        if r.reason or node.definition.kind is Kind.NARRATIVE:
            return None
        if node.definition.kind is Kind.RATIO:
            if r.numerator is None or r.denominator is None:
                return None
            if r.denominator == 0 and r.numerator != 0:
                return None
            return (Fraction(r.numerator), Fraction(r.denominator))
        if r.value is None:
            return None
        return (Fraction(r.value), None)

    def reporters(self, node, cell):
        return {u.reporter for u in self.tree.updates if u.indicator == node.id and u.cell == cell}

    # Own reports: amounts and people by reporter

    def stated(self, node, reporter, place, cell):
        """Return the (update, number) of a reporter for a period."""
        period = self.periods(node)[place]
        rows = self.standing(node, reporter, period, cell)
        found = [(u, self.number(node, u)) for u in rows]
        return [(u, n) for u, n in found if n is not None]

    def known(self, node, reporter, place, cell, at=None):
        """Return the last running totals by then: one, or one of each additive source.

        With `at`, only what was stated in the period where the total's own last one was.
        """
        kept = {}
        for earlier in range(place + 1):
            rows = self.stated(node, reporter, earlier, cell)
            if not rows:
                continue
            if not rows[0][0].is_additive:
                kept = {None: (earlier, *rows[0])}
                continue
            kept = {key: row for key, row in kept.items() if row[1].is_additive}
            for update, number in rows:
                kept[update.source] = (earlier, update, number)
        if at is not None:
            kept = {key: row for key, row in kept.items() if key not in at or at[key][0] == row[0]}
        return kept

    def own(self, node, reporter, place, cell):
        """Return the amount of one reporter in one period, or None."""
        rows = self.stated(node, reporter, place, cell)
        if not rows:
            return None
        d = node.definition
        if d.accumulates and d.time_op is TimeOp.SUM:
            now = sum_of([row[2] for row in self.known(node, reporter, place, cell).values()])
            before = [row[2] for row in self.known(node, reporter, place - 1, cell).values()]
            return take_away(now, sum_of(before)) if before else now
        top, bottom = sum_of([number for _update, number in rows])
        return (top, Fraction(1)) if d.space_op is SpaceOp.AVERAGE else (top, bottom)

    def own_people(self, node, rows):
        lows, highs = [], []
        for update, _number in rows:
            r = update.reported
            people = Fraction(r.value if r.distinct is None else r.distinct)
            unknown = r.distinct is None and r.is_distinct_unknown
            lows.append(min(Fraction(1), people) if unknown else people)
            highs.append(people)
        return (max(lows), sum(highs)) if lows else None

    # The tree

    def links(self, node):
        """Return the (edge, child) that count for a node."""
        return [
            (edge, self.nodes[edge.child])
            for edge in self.tree.edges
            if edge.parent == node.id and not edge.is_excluded
        ]

    def cells_below(self, node, edge, child, cell):
        if cell is None:
            return [None]
        made = []
        for below, above in (edge.cells or {}).items():
            if above != cell:
                continue
            many = sum(other == cell for other in edge.cells.values()) > 1
            overlapping = child.dimensions[below.dimension] is DimensionKind.OVERLAPPING
            partition = node.dimensions[above.dimension] is DimensionKind.PARTITION
            if not (overlapping and (many or partition)):
                made.append(below)
        return made

    def inside(self, child, period):
        return [
            place
            for place, p in enumerate(self.periods(child))
            if period.start <= p.start and p.end <= period.end
        ]

    def over_time(self, node, pairs, totals):
        """Combine [(place, amount)]; `totals` are the same of the total, for a cell."""
        there = self.without_older_lists(node, [(p, a) for p, a in pairs if a is not None])
        if any(a is LISTED for _place, a in there):
            return LISTED
        if node.definition.time_op is TimeOp.SUM:
            return sum_of([a for _place, a in there]) if there else None
        frame = self.frame(node, totals) if totals is not None else None
        if frame is not None:
            there = [(place, a) for place, a in there if place in frame]
        if not there:
            return None
        if node.definition.time_op is TimeOp.LAST:
            return there[-1][1]
        if node.definition.time_op is TimeOp.MAX:
            return max((a for _place, a in there), key=size)
        k = len(frame) if frame is not None else len(there)
        return tuple(None if x is None else x / k for x in sum_of([a for _place, a in there]))

    def without_older_lists(self, node, there):
        """Of a last, a list matters only where it would be the last."""
        if node.definition.time_op is TimeOp.LAST and there and there[-1][1] is not LISTED:
            return [(place, a) for place, a in there if a is not LISTED]
        return there

    def frame(self, node, totals):
        there = [(place, a) for place, a in totals if a is not None]
        if any(a is LISTED for _place, a in there):
            listed = [place for place, a in there if a is LISTED]
            if node.definition.time_op is not TimeOp.LAST or there[-1][0] in listed:
                return None
            there = [(place, a) for place, a in there if a is not LISTED]
        if not there:
            return set() if node.definition.time_op is TimeOp.AVERAGE else None
        if node.definition.time_op is TimeOp.LAST:
            return {there[-1][0]}
        if node.definition.time_op is TimeOp.MAX:
            largest = max(size(a) for _place, a in there)
            return {next(place for place, a in there if size(a) == largest)}
        return {place for place, _amount in there}

    def in_period(self, node, place, cell):
        """Return (amount, people, reported, expected, leaves reported, leaves expected)."""
        period = self.periods(node)[place]
        parts, people, reported = {}, [], set()
        for reporter in sorted(self.reporters(node, cell)):
            amount = self.own(node, reporter, place, cell)
            if amount is not None:
                parts["own", reporter] = [amount]
                reported.add(("own", reporter))
                people.append(self.own_bounds(node, reporter, place, cell))
        expected = {("own", e.reporter) for e in node.expected} | reported
        leaves, due = len(reported), len(expected)
        for edge, child in self.links(node):
            contributor = ("child", child.id)
            expected.add(contributor)
            places = self.inside(child, period)
            below = self.cells_below(node, edge, child, cell)
            if not places or not below:
                due += 1
            for child_cell in below if places else ():
                amount, bounds, there, wanted = self.of_child(node, child, places, child_cell)
                leaves, due = leaves + there, due + wanted
                if amount is not None:
                    reported.add(contributor)
                    parts.setdefault(contributor, []).append(amount)
                    people.append(bounds)
        amount = self.over_space(node, parts, len(expected))
        return (amount, self.people(node, amount, people), len(reported), len(expected), leaves,
                due, reported, expected)  # fmt: skip

    def of_child(self, node, child, places, cell):
        """Return (amount, people, leaves reported, leaves expected) of periods of a child."""
        pairs, bounds, leaves, due = [], [], 0, 0
        totals = None
        if cell is not None:
            totals = [(q, self.in_period(child, q, None)[0]) for q in places]
        for q in places:
            has = cell is None or cell in self.cells(child)
            found = self.in_period(child, q, cell) if has else (None, None, 0, 0, 0, 1)
            pairs.append((q, found[0]))
            bounds.append((q, found[1]))
            leaves, due = leaves + found[4], due + found[5]
        amount = self.over_time(node, pairs, totals)
        return amount, self.people_over_time(node, pairs, bounds, totals), leaves, due

    def own_bounds(self, node, reporter, place, cell):
        rows = self.stated(node, reporter, place, cell)
        if not node.definition.distinct_people:
            return None
        if node.definition.accumulates and not node.definition.keeps_totals:
            return self.increment_people(node, reporter, place, cell, rows)
        return self.own_people(node, rows)

    def increment_people(self, node, reporter, place, cell, rows):
        """Return the people of an increment: known only where there was no total before."""
        bounds = []
        before = self.known(node, reporter, place - 1, cell)
        additive = rows[0][0].is_additive
        if any(row[1].is_additive != additive for row in before.values()):
            return None
        for update, number in rows:
            if (update.source if additive else None) in before:
                return None
            bounds.append(self.own_people(node, [(update, number)]))
        return merge(bounds)

    def people_over_time(self, node, pairs, bounds, totals):
        there = dict(bounds)
        used = [place for place, amount in pairs if amount is not None]
        if node.definition.time_op is TimeOp.LAST:
            frame = self.frame(node, totals) if totals is not None else None
            used = [place for place in used if frame is None or place in frame][-1:]
        return merge([there[place] for place in used])

    def people(self, node, amount, bounds):
        if not node.definition.distinct_people or amount in (None, LISTED):
            return None
        return merge(bounds)

    def over_space(self, node, parts, expected):
        amounts = [amount for found in parts.values() for amount in found]
        if not amounts:
            return None
        if any(amount is LISTED for amount in amounts):
            return LISTED
        if node.definition.space_op is SpaceOp.NONE:
            return amounts[0] if len(amounts) == 1 and expected <= 1 else LISTED
        if node.definition.space_op is SpaceOp.MAX:
            return max(amounts, key=size)
        return sum_of(amounts)

    def life(self, node, cell):
        if node.definition.keeps_totals:
            return self.life_of_totals(node, cell)
        found = [self.in_period(node, place, cell) for place in range(len(node.periods))]
        pairs = [(place, f[0]) for place, f in enumerate(found)]
        totals = None
        if cell is not None:
            totals = [
                (place, self.in_period(node, place, None)[0]) for place in range(len(node.periods))
            ]
        amount = self.over_time(node, pairs, totals)
        used = list(range(len(found)))
        if node.definition.time_op in (TimeOp.LAST, TimeOp.MAX):
            frame = self.frame(node, totals if totals is not None else pairs)
            if frame is None and totals is not None and amount is not LISTED:
                frame = self.frame(node, pairs)
            if frame is not None and amount is not LISTED:
                used = sorted(frame)
        reported = set().union(*(found[place][6] for place in used))
        expected = {("own", e.reporter) for e in node.expected}
        expected |= {("child", child.id) for _edge, child in self.links(node)}
        expected = expected.union(*(found[place][7] for place in used))
        bounds = [(place, f[1]) for place, f in enumerate(found)]
        people = self.people_over_time(node, pairs, bounds, totals)
        if node.definition.accumulates:
            people = self.people_of_totals(node, cell)
        leaves = sum(found[place][4] for place in used)
        due = sum(found[place][5] for place in used)
        people = self.people(node, amount, [people])
        return (amount, people, len(reported), len(expected), leaves, due)

    def last_totals(self, node, reporter, cell):
        end = len(node.periods) - 1
        at = None if cell is None else self.known(node, reporter, end, None)
        return [row[1:] for row in self.known(node, reporter, end, cell, at).values()]

    def people_of_totals(self, node, cell):
        if not node.definition.distinct_people:
            return None
        bounds = []
        for reporter in self.reporters(node, cell):
            rows = self.last_totals(node, reporter, cell)
            if rows:
                bounds.append(self.own_people(node, rows))
        for edge, child in self.links(node):
            for below in self.cells_below(node, edge, child, cell):
                if below is None or below in self.cells(child):
                    found = self.life(child, below)
                    if found[0] not in (None, LISTED):
                        bounds.append(found[1])
        return merge(bounds)

    def life_of_totals(self, node, cell):
        parts, reported = {}, set()
        for reporter in self.reporters(node, cell):
            rows = self.last_totals(node, reporter, cell)
            if rows:
                parts["own", reporter] = [sum_of([number for _update, number in rows])]
                reported.add(("own", reporter))
        expected = {("own", e.reporter) for e in node.expected} | reported
        leaves, due = len(reported), len(expected)
        for edge, child in self.links(node):
            contributor = ("child", child.id)
            expected.add(contributor)
            below = self.cells_below(node, edge, child, cell)
            if not below:
                due += 1
            for child_cell in below:
                if child_cell is not None and child_cell not in self.cells(child):
                    due += 1
                    continue
                found = self.life(child, child_cell)
                leaves, due = leaves + found[4], due + found[5]
                if found[0] is not None:
                    reported.add(contributor)
                    parts.setdefault(contributor, []).append(found[0])
        amount = self.over_space(node, parts, len(expected))
        people = self.people(node, amount, [self.people_of_totals(node, cell)])
        return (amount, people, len(reported), len(expected), leaves, due)

    def cells(self, node):
        found = {
            u.cell
            for u in self.tree.updates
            if u.indicator == node.id and u.cell and any(self.is_there(u))
        }
        for edge, child in [(e, self.nodes[e.child]) for e in self.tree.edges
                            if e.parent == node.id]:  # fmt: skip
            for below, above in (edge.cells or {}).items():
                if below in self.cells(child) and below in self.cells_below(
                    node, edge, child, above
                ):
                    found.add(above)
        return found


def sum_of(amounts):
    amounts = list(amounts)
    top = sum((a[0] for a in amounts), Fraction(0))
    return (top, None if amounts[0][1] is None else sum((a[1] for a in amounts), Fraction(0)))


def take_away(amount, other):
    bottom = None if amount[1] is None else amount[1] - other[1]
    return (amount[0] - other[0], bottom)


def size(amount):
    top, bottom = amount
    if bottom is None:
        return (1, top)
    return (0, 0) if bottom == 0 else (1, top / bottom)


def merge(bounds):
    if not bounds or any(b is None for b in bounds):
        return None
    return (max(low for low, _high in bounds), sum((high for _low, high in bounds), Fraction(0)))
