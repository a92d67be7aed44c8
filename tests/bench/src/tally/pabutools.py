# Counts an election with pabutools, as radslag-bench does with ours: a JSON object with seconds and what was funded. The share of
# Equal Shares is raised as Pabulib has it: budget / voters, then one more than that in whole units, and so on, up to the last
# whose projects the budget pays for.
import json, sys, time
from importlib.metadata import version
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import lexico_tie_breaking

instance, profile = parse_pabulib(sys.argv[1])
budget, voters = instance.budget_limit, profile.num_ballots()


def timed(count):
    began = time.perf_counter()
    funded = count()
    return {"seconds": time.perf_counter() - began, "funded": sorted(str(project.name) for project in funded)}


def cost(projects):
    return sum(project.cost for project in projects)


def greedy():
    return greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking)


def shares():
    def once(limit):
        instance.budget_limit = limit
        return method_of_equal_shares(instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking)

    last, share = once(budget), int(budget // voters) + 1
    while True:
        bought = once(share * voters)
        if cost(bought) > budget:
            return last
        last, share = bought, share + 1
        if len(bought) == len(instance):
            return last


print(json.dumps({"version": version("pabutools"), "greedy": timed(greedy), "shares": timed(shares)}))
