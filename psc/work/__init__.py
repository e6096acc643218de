"""The work of each period: asked for, come, given out, handed back; and the packs that stand in for it."""
