"""A hook of MkDocs: takes out what reaches beyond the pages of one build.

techdocs-core adds its extensions by itself, so they are taken out afterwards.
Besides, code that scrolls is made reachable by the keyboard.
"""

import re

# They run programs, read files and ask servers that a page may name.
REACHING_OUT = {"markdown_inline_graphviz", "plantuml_markdown"}


def on_config(config):
    config["markdown_extensions"] = [
        name for name in config["markdown_extensions"] if name not in REACHING_OUT
    ]
    config["mdx_configs"]["pymdownx.snippets"] = {
        "base_path": [config["docs_dir"]],
        "restrict_base_path": True,
        "url_download": False,
    }
    return config


def on_page_content(html, **_):
    return re.sub(r"(<pre[^>]*>(?:<span></span>)?<code)(?=[ >])", r'\1 tabindex="0"', html)
