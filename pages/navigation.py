"""The shell around every page: reads the experiment from the URL, then navigation, notices, the page, the footer."""

from __future__ import annotations

from collections import ChainMap

import streamlit as st

from backend.questions.topologies import TOPOLOGIES
from components import next_step
from components.claims import embedded as one_claim
from components.compare import embedded as the_answer
from components.compare import models
from components.diagram import neuron_option
from components.introduction import first_visit
from components.lab import settings as lab_settings
from components.layout import embedded, site, strip
from components.layout import page as frame
from components.learn import choice as lesson_choice
from components.learn import embedded as one_step
from components.learn import moved
from components.live.render_lock import render_lock
from components.own_model import conflict
from components.own_model import opening as own_model
from components.rooms import settings as room_settings
from components.runs import settings as runs_settings
from components.session import page_options, state
from components.session.page_options import Options, one_of, whole_number
from components.speed import settings
from components.train import embedded as the_curves

#: What the link to a page contains besides the experiment, by the page's path.
OPTIONS: dict[str, Options] = {
    "": {"view": models.VIEW, "neuron": neuron_option(), "play": one_of("0", "1"), **first_visit.OPTIONS},
    "train": {
        "neuron": neuron_option(),
        "epoch": whole_number(6),
        "play": one_of("0", "1"),
    },
    "speed": settings.CHOICES,
    "topologies": {"topology": one_of(*TOPOLOGIES)},
    "runs": runs_settings.CHOICES,
    "room": room_settings.CHOICES,
    "lab": lab_settings.CHOICES,
    "own": {**own_model.CHOICES, **conflict.CHOICES},
    "learn": lesson_choice.OPTIONS,
}
#: The pages whose sidebar begins with the menu Start from.
FROM_PRESETS = ("", "train", "claims", "speed")
#: What a page shows in a frame of another site (`?embed=true`), by its path. Other pages are shown whole.
VIEWS = {"": the_answer.VIEW, "train": the_curves.VIEW, "claims": one_claim.VIEW, "learn": one_step.VIEW}

with render_lock():
    framed = embedded.is_embedded()
    page = st.navigation(site.pages_to_run(), position="hidden")  # the strip draws the links
    view = VIEWS.get(page.url_path)
    options = {**OPTIONS.get(page.url_path, {}), **(view.options if view and framed else {})}
    elsewhere = ChainMap(*map(dict, [*OPTIONS.values(), *(other.options for other in VIEWS.values())]))
    if page.url_path == "lab" and (moved_to := moved.of(state.url_query())):
        st.switch_page(site.page(moved_to[0]), query_params=moved_to[1])
    if not framed:
        first_visit.lead(page.url_path)
    page_options.synchronise(page.url_path, options, elsewhere)
    st.set_page_config(
        page_title=frame.browser_title(page.title, state.experiment()),
        page_icon="app/static/icon-8926591d.png",
        layout="wide",
        initial_sidebar_state=310 if first_visit.place() == first_visit.END else "collapsed",
    )
    if not framed:
        strip.show(page.url_path, view)
    frame.notices()
    if framed and view:
        embedded.show(view)
    else:
        if page.url_path in FROM_PRESETS and not framed:
            frame.link_to_own_model()
        page.run()
        if framed:
            embedded.show_link()
        else:
            next_step.show(page.url_path)
            frame.footer()
    frame.follow_connection()
