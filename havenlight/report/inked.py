"""Imported by the process that `paper` forks: makes one PDF, so that each fork knows what is dear.

That is its letters, upright and bold, the style of our pages, and how a plot and a table are drawn.
"""

from base64 import b64encode
from importlib.resources import files

from havenlight.report import inking, plots

STYLE = files("havenlight.report.styles").joinpath("document.css").read_text(encoding="utf-8")
PLOT = b64encode(plots.bars([plots.Bar("1", 1, "1")]).encode()).decode()
LINES = "1 " * 99
PAGE = f"""
<html lang="en">
<style>{STYLE}</style>
<header class="cover"><p class="whose">1<h1>1</h1><p>{LINES}</header>
<ul class="cards"><li><strong>1</strong></ul>
<article class="beside">
<figure><img src="data:image/svg+xml;base64,{PLOT}" alt="1"></figure>
<div class="scroll"><table class="numbers"><tr><th>1<td>1</table></div>
</article>
"""

inking.ready()
inking.pdf(PAGE)
