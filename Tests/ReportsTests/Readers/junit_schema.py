"""Holds JUnit XML on standard input against the rules of the Ant schema, and of Jenkins' reader where it is stricter."""
import re
import sys
import xml.etree.ElementTree as ElementTree

root = ElementTree.fromstring(sys.stdin.buffer.read())


def need(condition, sentence):
    if not condition:
        sys.exit(sentence)


def attributes(element, required, optional=()):
    names = set(element.attrib)
    need(set(required) <= names, f"{element.tag} lacks {set(required) - names}")
    need(names <= set(required) | set(optional), f"{element.tag} has {names - set(required) - set(optional)}")


def token(text):
    need(text and text == " ".join(text.split()), f"{text!r} is no token")


def decimal(text):
    need(re.fullmatch(r"[0-9]+(\.[0-9]+)?", text), f"{text!r} is no decimal number")


need(root.tag == "testsuites", "the root is testsuites")
need(len(root) == 1, "there is one suite")
for suite in root:
    need(suite.tag == "testsuite", "suites only")
    attributes(
        suite, ["id", "package", "name", "hostname", "timestamp", "tests", "failures", "errors", "time"], ["skipped"])
    token(suite.get("name"))
    token(suite.get("hostname"))
    decimal(suite.get("time"))
    if "bare" not in sys.argv and len(suite.get("timestamp")) == 19:
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp")), "timestamp")
    tags = [child.tag for child in suite]
    cases = [child for child in suite if child.tag == "testcase"]
    need(tags == ["properties"] + ["testcase"] * len(cases) + ["system-out", "system-err"], f"the order: {tags}")
    for item in suite.find("properties"):
        attributes(item, ["name", "value"])
        token(item.get("name"))
    need(cases, "there is a case")
    for case in cases:
        attributes(case, ["name", "classname", "time"])
        token(case.get("name"))
        token(case.get("classname"))
        need(case.get("classname").startswith("salvor."), "the class begins with salvor")
        decimal(case.get("time"))
        need(len(case) <= 1, "one word on a case")
        need(all(child.tag in ("failure", "error", "system-out") for child in case), "failure, error or output")
        for trouble in case:
            attributes(trouble, [] if trouble.tag == "system-out" else ["type", "message"])
            need(len(trouble) == 0 and trouble.text.strip(), "trouble is text")
    for kind, attribute in (("failure", "failures"), ("error", "errors")):
        counted = sum(case.find(kind) is not None for case in cases)
        need(int(suite.get(attribute)) == counted, f"{attribute}: {counted}")
    need(int(suite.get("tests")) == len(cases), "tests")
