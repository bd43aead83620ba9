# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""localstripe 1.15.10 with what the product needs of Stripe beyond it; runs in localstripe's own environment.

Every file of this folder is GPL-3 (GNU General Public License, version 3 or later), as localstripe is.
Nothing of Troupe imports it and it imports nothing of Troupe: they talk over HTTP.
"""
