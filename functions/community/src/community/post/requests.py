"""The parts of request bodies that commands on posts take."""

from typing import Annotated, Any, cast

from pydantic import ConfigDict, Field

from community.post import media
from community.post.content_rules import Changes, Content, Kind, Link, Option, Poll
from troupe.domain import limits
from troupe.edge import fields

POST_ID, COMMENT_ID = rf"{limits.UUID}\.{limits.UUID}", rf"{limits.UUID}\.{limits.UUID}\.{limits.UUID}"

Title = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, limits.Text(strip_whitespace=True, max_length=10_000, lines=True)]
Comment = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=2000, lines=True)]
OptionText = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=120)]
Files = Annotated[
    tuple[fields.Id, ...], Field(max_length=20, examples=[["0192f0c1-7a00-7000-8000-0000000000f1"]])
]


class LinkForm(fields.Body):
    url: fields.Url
    title: Title | None = None
    thumbnail_url: fields.Url | None = None

    def link(self) -> Link:
        return Link(url=self.url, title=self.title, thumbnail_url=self.thumbnail_url)


class PollForm(fields.Body):
    options: Annotated[tuple[OptionText, ...], Field(min_length=2, max_length=10)]
    closes_at: fields.Instant | None = None

    def poll(self) -> Poll:
        numbered = enumerate(self.options, start=1)
        options = tuple(Option(id=str(number), text=text) for number, text in numbered)
        return Poll(options=options, closes_at=self.closes_at)


class PostForm(fields.Body):
    """What each kind takes: words a text, images and videos the ids of files that were sent, and so on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Eaten by noon."}]})

    title: Title | None = None
    text: Words = ""
    media: Files = ()
    link: LinkForm | None = None

    def changes(self, folder: str) -> Changes:
        """What was given, by its names; files are looked for in the caller's folder (`media_missing`)."""
        given: dict[str, Any] = {
            name: getattr(self, name) for name in self.model_fields_set & {"title", "text"}
        }
        if "media" in self.model_fields_set:
            given["media"] = media.arrived(folder, self.media)
        if "link" in self.model_fields_set:
            given["link"] = self.link.link() if self.link else None
        return cast("Changes", given)


class NewPostForm(PostForm):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "text", "title": "First loaf", "text": "Baked this morning."}]
        }
    )

    kind: Kind
    poll: PollForm | None = None

    def content(self, folder: str) -> Content:
        poll = self.poll.poll() if self.poll else None
        return Content(kind=self.kind, poll=poll, **self.changes(folder))
