"""Instant messages through the group robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书).

**A robot speaks to a whole group.** A message about a debt told to a group is a disclosure to third persons, so nothing
leaves unless the settings say of that very group that nobody but the person (and the lender's staff) is in it. For
messages to the lender's own staff the same robots serve.

Needs each robot's token and, for DingTalk and Feishu, its signing secret. A message's address is the robot's name in
the settings. Robots take about twenty messages a minute: set a rate. They give no ids and no receipts, so a message
stays ``sent``; they refuse inside an answer of HTTP 200, which is read here. Answers come to the group, not to us.
"""
