"""A service beside Valise: what its members do arrives, whichever side dies; hand-off tokens work once."""

import hashlib
import shutil
import signal
import unittest
import urllib.parse

from host import Person, Site, jpeg
from server import Client
from valise import Bundle, Case


class Host(Case):
    def setUp(self):
        super().setUp()
        self.site = Site(self.folder)
        self.site.valise.start()
        self.site.start()
        self.addCleanup(self.site.valise.stop, signal.SIGKILL)
        self.addCleanup(self.site.stop, signal.SIGKILL)
        self.maya, self.leon, self.ines = (Person(self.site, name) for name in ("maya.lindqvist", "leon.marchetti", "ines.aubert"))

    def bundle_of(self, person):
        self.site.wait_agreed()
        return Bundle(person.download(self.folder / f"{person.username}.zip"))

    def test_what_people_do_arrives(self):
        photo, other = jpeg("photo"), jpeg("other")
        post = self.maya.post("Low tide <b>& bread</b>", photo, other)
        self.leon.comment(post, "Quelle lumière !")
        self.leon.send(f"/posts/{post}/like")
        self.ines.send("/@maya.lindqvist/follow")
        conversation = self.leon.write([self.maya], "See you on Thursday", jpeg("in a message"))
        self.maya.send(f"/messages/{conversation}", [("text", "Thursday it is")])
        gone = self.maya.post("This one goes again", jpeg("gone"))
        self.leon.comment(gone, "Oh, a seal?")
        self.maya.send(f"/posts/{gone}/delete")
        self.leon.write([self.ines], "A secret between two")

        bundle = self.bundle_of(self.maya)
        posts = [r for r in bundle.records("post").values()]
        self.assertEqual([r["text"] for r in posts], ["Low tide <b>& bread</b>"])
        self.assertEqual((posts[0]["like_count"], posts[0]["comment_count"]), (1, 1))
        self.assertEqual([m["digest"] for m in posts[0]["media"]], [hashlib.sha256(p).hexdigest() for p in (photo, other)])
        self.assertEqual({(r["author"], r["text"]) for r in bundle.records("comment").values()}, {("leon.marchetti", "Quelle lumière !")})
        self.assertEqual({r["text"] for r in bundle.records("message").values()}, {"See you on Thursday", "Thursday it is"})
        self.assertIn(hashlib.sha256(photo).hexdigest(), bundle.media().values())
        everything = b"".join(bundle.zip.read(name) for name in bundle.names)
        for word in (b"This one goes again", b"Oh, a seal?", b"A secret between two"):
            self.assertNotIn(word, everything)

        leon = self.bundle_of(self.leon)
        self.assertEqual({r["text"] for r in leon.records("comment").values()}, {"Quelle lumière !"})
        self.assertIn("A secret between two", {r["text"] for r in leon.records("message").values()})

    def test_valise_dies_and_the_outbox_goes_on(self):
        for i in range(30):
            self.maya.post(f"Post {i}", jpeg(i))
            if i == 10:
                self.site.valise.stop(signal.SIGKILL)
            if i == 20:
                self.site.valise.start()
        self.assertEqual({r["text"] for r in self.bundle_of(self.maya).records("post").values()}, {f"Post {i}" for i in range(30)})

    def test_the_site_dies_and_goes_on(self):
        self.site.valise.stop()
        for i in range(10):
            self.leon.write([self.maya], f"Message {i}")
        self.site.stop(signal.SIGKILL)
        self.site.valise.start()
        self.site.start()
        self.assertEqual({r["text"] for r in self.bundle_of(self.maya).records("message").values()}, {f"Message {i}" for i in range(10)})

    def test_a_valise_begun_anew_is_told_everything(self):
        post = self.maya.post("Told twice", jpeg("twice"))
        self.leon.comment(post, "And so is this")
        self.site.wait_agreed()
        self.site.stop()
        self.site.valise.stop()
        shutil.rmtree(self.site.valise.data)
        self.site.register()
        self.site.valise.start()
        self.site.start()
        bundle = self.bundle_of(self.maya)
        self.assertEqual({r["text"] for r in bundle.records("post").values()}, {"Told twice"})
        self.assertEqual({r["text"] for r in bundle.records("comment").values()}, {"And so is this"})

    def test_tokens_work_once_and_as_they_are(self):
        self.site.wait_agreed()
        path = urllib.parse.urlsplit(self.maya.token())._replace(scheme="", netloc="").geturl()
        altered = path[:-10] + ("A" if path[-10] != "A" else "B") + path[-9:]
        page = Client(self.site.valise).call("GET", altered, headers={"Accept": "text/html"})
        self.assertEqual(page.status, 403)
        self.assertIsNone(page.getheader("Set-Cookie"))
        self.assertEqual(Client(self.site.valise).call("GET", path).status, 303)
        again = Client(self.site.valise).call("GET", path, headers={"Accept": "text/html"})
        self.assertEqual((again.status, again.content), (403, page.content))

    def test_strangers_and_forged_forms_are_kept_out(self):
        post = self.maya.post("Mine", jpeg("mine"))
        self.leon.send(f"/posts/{post}/delete", status=403)
        conversation = self.leon.write([self.maya], "For two")
        self.ines.get(f"/messages/{conversation}", status=404)
        answer, _ = self.maya.call("POST", f"/posts/{post}/delete", "csrf=forged")
        self.assertEqual(answer.status, 403)
        self.maya.send("/share/post", [("text", "no photo")], [b"<html><script>alert(1)</script>"], status=415)
        nobody = Person(self.site, "tom.okafor")
        nobody.cookie = ""
        answer, _ = nobody.call("GET", f"/posts/{post}")
        self.assertEqual(answer.status, 303)


if __name__ == "__main__":
    unittest.main()
