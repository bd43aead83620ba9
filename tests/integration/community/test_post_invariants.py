"""The counters of posts are exact, with any posts, reactions, reports and moderation in any order."""

import random

import pytest

from support.community.communities import ban, crowd, found, leave, unban, update
from support.community.posts import (
    POLL,
    PostUnderTest,
    audit,
    by,
    comment,
    create,
    delete,
    delete_comment,
    edit,
    hide,
    publish,
    react,
    report,
    resolve,
    restore,
    vote,
)
from support.community.tenant import ask

STEPS = 60
ANSWERS = {200, 201, 403, 404, 409, 422}


class Chatter:
    """What a random person does next, with what has been said so far."""

    def __init__(self, draw, community, people):
        self.draw, self.community, self.people = draw, community, people
        self.posts, self.comments, self.reports = [], [], []

    def act(self):
        """The command, and what it was answered."""
        who = self.draw.choice([*self.people, self.community.leader, self.community.leader])
        act = self.draw.choice(
            [self._write, self._moderate, self._choose, self._choose, self._say, self._tell]
        )
        return act(who)

    def _write(self, who):
        reply = create(self.community.path(), body=POLL, **by(who))
        if reply.status == 201:
            self.posts.append(reply.body["id"])
        return "create", reply

    def _on_post(self, who, call, **given):
        if not self.posts:
            return self._write(who)
        return call.command, call({"post_id": self.draw.choice(self.posts)}, **by(who, **given))

    def _moderate(self, who):
        kind = self.draw.randrange(5)
        if kind == 0:
            call = self.draw.choice([ban, unban, leave])
            other = self.draw.choice(self.people)
            by_whom = other if call is leave else self.community.leader
            return call.command, call(self.community.path(other), **by(by_whom))
        if kind == 1:
            strict = {"moderation_required": self.draw.choice([True, False])}
            return "update", self.community.by_leader(update, body=strict)
        return self._on_post(who, self.draw.choice([publish, hide, delete, restore, edit]))

    def _choose(self, who):
        if self.draw.random() < 0.5:
            return self._on_post(who, vote, body={"option_id": self.draw.choice("1234")})
        return self._on_post(who, react, body={"reaction": self.draw.choice(["like", "wow", None])})

    def _say(self, who):
        if self.comments and self.draw.random() < 0.4:
            path = {"comment_id": self.draw.choice(self.comments)}
            return "delete_comment", delete_comment(path, **by(who))
        command, reply = self._on_post(who, comment)
        if command == comment.command and reply.status == 201:
            self.comments.append(reply.body["id"])
        return command, reply

    def _tell(self, who):
        if self.reports and self.draw.random() < 0.5:
            body = {"resolution": self.draw.choice(["dismissed", "removed"])}
            path = {"report_id": self.draw.choice(self.reports)}
            return "resolve", resolve(path, body=body, **by(who))
        about = [*self.posts, *self.comments]
        if not about:
            return self._write(who)
        reply = report(body={"subject_id": self.draw.choice(about), "reason": "spam"}, **by(who))
        if reply.status == 201:
            self.reports.append(reply.body["id"])
        return "report", reply


@pytest.mark.parametrize("seed", range(2))
def test_what_is_counted_is_what_there_is(tenant, seed):
    community, people = found(tenant), crowd(tenant, 4)
    for each in people[:3]:
        community.admit(each)
    chatter = Chatter(random.Random(seed), community, people)
    done = set()
    for _ in range(STEPS):
        command, reply = chatter.act()
        assert reply.status in ANSWERS, reply.body
        done.add((command, reply.status))
    assert len(done) > 15
    audit(community)
    for post_id in chatter.posts:
        post = PostUnderTest(community, post_id, community.leader)
        seen = ask("/posts/{post_id}", post.path, **by(people[3])).status  # who never was a member
        assert seen == (200 if post.status == "published" else 404)
