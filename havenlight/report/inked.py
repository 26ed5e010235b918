"""Imported by the process that `paper` forks: makes one PDF, so that each fork knows its fonts."""

from havenlight.report import paper

paper.ready()
paper.pdf("<table><tr><th>1<td>1</table><ul><li>1</ul><p><b>1</b>")
