#include "seed.h"

#include <algorithm>
#include <map>

namespace valise::host {
namespace {

constexpr size_t kMaya = 0, kLeon = 1, kInes = 2, kTom = 3, kYuki = 4;

struct SeedMember {
  std::string_view username, name, bio, website, language, picture;
};
constexpr SeedMember kMembers[] = {
    {"maya.lindqvist", "Maya Lindqvist", "Ceramics and cold water.\nMalmö", "", "en",
     "sea-winter-day-1@480x480.jpg"},
    {"leon.marchetti", "Léon Marchetti", "Pellicule 35 mm, trains de nuit.\nLyon ↔ Trieste",
     "https://leon-marchetti.example/", "fr", "harbour-autumn-golden-2@480x480.jpg"},
    {"ines.aubert", "Inès Aubert", "Botaniste du dimanche. Jardin, thé, limaces.\nMarseille", "",
     "fr", "flowers-spring-day-3@480x480.jpg"},
    {"tom.okafor", "Tom Okafor", "Bread, bikes, and one very old dog.\nBristol", "", "en",
     "coffee-autumn-morning-4@480x480.jpg"},
    {"yuki.tanabe", "Yuki Tanabe", "Bookbinder. 製本\nLisbon, Kyoto on holidays",
     "https://yuki-binds.example/", "en", "books-summer-golden-5@480x480.jpg"},
};

using seed::Line;
struct SeedPost {
  size_t who;
  double hours_ago;
  std::initializer_list<std::string_view> pictures;
  std::string_view text;
  std::initializer_list<Line> comments;
  std::initializer_list<size_t> likes;
};

const SeedPost kPosts[] = {
    {kMaya,
     5200,
     {"lake-autumn-golden-10@1080x1350.jpg"},
     "The mill, the lake, the last warm day.",
     {{kYuki, "Is this where the paper comes from?"}, {kMaya, "The very place."}},
     {kYuki, kInes, kTom}},
    {kLeon,
     4900,
     {"street-winter-night-11@1080x1350.jpg", "night-winter-night-12@1080x1350.jpg",
      "street-winter-golden-13@1080x1350.jpg"},
     "Trois nuits à Turin, une pellicule.\nLa deuxième a pris l’eau, la troisième le pli.",
     {{kInes, "La deuxième est la plus belle, justement."}, {kTom, "How is this light even real"}},
     {kInes, kTom, kMaya, kYuki}},
    {kInes,
     4400,
     {"flowers-spring-morning-14@1080x1080.jpg"},
     "Les premiers pois de senteur. Semés en octobre, oubliés en novembre, pardonnés en mars.",
     {{kMaya, "The colours!"}, {kLeon, "On dirait du papier froissé."}},
     {kMaya, kLeon, kYuki}},
    {kTom,
     4100,
     {"coffee-winter-morning-15@1080x1080.jpg"},
     "Day 212 of asking the starter nicely.",
     {{kMaya, "Have you tried singing to it?"}, {kTom, "It prefers jazz."}},
     {kMaya, kLeon}},
    {kYuki,
     3900,
     {"books-winter-day-16@1080x1350.jpg", "books-winter-golden-17@1080x1350.jpg"},
     "Long stitch, waxed linen, eleven signatures. 本",
     {{kInes, "Je rêve d’y coller mon herbier."}, {kYuki, "Then it is yours, Inès."}},
     {kInes, kMaya, kLeon, kTom}},
    {kLeon,
     3300,
     {"mountains-winter-day-18@1350x1080.jpg"},
     "Fenêtre gauche, wagon 12, 6 h 40.",
     {{kTom, "Two days of windows"}},
     {kTom, kInes}},
    {kMaya,
     3000,
     {"beach-winter-morning-19@1080x1350.jpg"},
     "Seven degrees. The gulls think I am mad.",
     {{kTom, "The gulls are right."}},
     {kTom, kYuki, kInes}},
    {kTom,
     2600,
     {"market-summer-morning-20@1080x1350.jpg", "fruit-summer-day-21@1080x1080.jpg"},
     "Saturday: more tomatoes than sense.",
     {{kInes, "Lesquelles ? Les cornues ?"}, {kTom, "Les cornues, chef."}},
     {kInes, kMaya}},
    {kInes,
     2300,
     {"fields-summer-golden-22@1350x1080.jpg"},
     "Le plateau, juste avant l’orage.",
     {{kLeon, "J’entends les cigales d’ici."}},
     {kLeon, kYuki, kMaya, kTom}},
    {kYuki,
     1900,
     {"street-summer-golden-23@1080x1350.jpg"},
     "Alfama keeps its own clock.",
     {{kMaya, "See you there in April!"}},
     {kMaya, kTom, kLeon}},
    {kLeon,
     1500,
     {"harbour-summer-golden-24@1080x1080.jpg"},
     "Trieste, retrouvée dans une boîte à semences.",
     {{kInes, "De rien."},
      {kMaya, "I would hang this in the studio."},
      {kLeon, "It is in the post, Maya."}},
     {kInes, kMaya, kYuki}},
    {kMaya,
     1100,
     {"sea-summer-golden-25@720x720.mp4"},
     "The sound is better than the picture.",
     {{kYuki, "I played it three times."}},
     {kYuki, kInes, kTom, kLeon}},
    {kTom,
     800,
     {"hills-autumn-morning-26@1080x1350.jpg"},
     "The dog is fourteen today. He chose the route, I carried the sandwiches.",
     {{kInes, "Bon anniversaire, vieux monsieur 🐾"},
      {kYuki, "A gentleman."},
      {kMaya, "Kiss his ears from me."}},
     {kInes, kYuki, kMaya, kLeon}},
    {kInes,
     520,
     {"forest-autumn-day-27@1080x1350.jpg", "forest-autumn-golden-28@1080x1350.jpg"},
     "Cueillette interdite, promenade conseillée.",
     {{kLeon, "Et les champignons ?"}, {kInes, "Quels champignons ?"}},
     {kLeon, kTom}},
    {kYuki,
     290,
     {"lighthouse-autumn-golden-29@1080x1350.jpg"},
     "The end of the tram line.",
     {{kTom, "Adding this to the list for April."}},
     {kTom, kMaya, kLeon}},
    {kLeon,
     120,
     {"balloons-autumn-morning-30@1080x1350.jpg"},
     "Ils se sont levés avant le soleil. Moi aussi, pour une fois.",
     {{kMaya, "Worth it!"}, {kInes, "Incroyable ce matin."}},
     {kMaya, kInes, kYuki, kTom}},
    {kMaya,
     50,
     {"lake-winter-morning-31@1080x1080.jpg"},
     "First ice.",
     {{kTom, "Do not even think about it."}, {kMaya, "Already thought about it."}},
     {kTom, kYuki, kInes}},
    {kTom,
     20,
     {"fruit-autumn-day-32@1080x1080.jpg"},
     "Quince season. The kitchen smells of roses.",
     {{kInes, "Gelée ou pâte ?"}, {kTom, "Both. Obviously both."}},
     {kInes, kMaya}},
};

struct SeedStory {
  size_t who;
  double hours_ago;
  std::string_view picture, text;
};
constexpr SeedStory kStories[] = {
    {kMaya, 2000, "sea-autumn-golden-33@720x1280.jpg", "Kiln is on. Cross your fingers."},
    {kLeon, 1200, "night-autumn-night-34@720x1280.jpg", "Dernier tram."},
    {kInes, 700, "flowers-summer-morning-35@720x1280.jpg", "Elle a fleuri !"},
    {kTom, 400, "coffee-summer-morning-36@720x1280.jpg", "05:10, oven at 240."},
    {kYuki, 15, "books-autumn-day-37@720x1280.jpg", "Guess the book."},
    {kInes, 9, "fields-autumn-golden-38@720x1280.jpg", "Le ciel, là, maintenant."},
    {kMaya, 3, "sea-winter-golden-39@720x1280.jpg", "4 degrees. New record."},
};

Timestamp Ago(const Store& store, double hours) {
  return store.Now() - std::chrono::milliseconds(static_cast<int64_t>(hours * 3600 * 1000));
}

class Seeder {
 public:
  explicit Seeder(const SeedPorts& ports) : ports_(ports) {}

  Status Members() {
    for (const SeedMember& member : kMembers) {
      ASSIGN_OR_RETURN(const Medium picture, Picture(member.picture));
      ASSIGN_OR_RETURN(
          const int64_t id,
          ports_.actions.AddMember({.username = std::string(member.username),
                                    .name = std::string(member.name),
                                    .bio = std::string(member.bio),
                                    .website = std::string(member.website),
                                    .address = std::string(member.username) + "@example.test",
                                    .language = std::string(member.language),
                                    .joined = Ago(ports_.store, 6000)},
                                   picture));
      ids_.push_back(id);
    }
    for (const int64_t follower : ids_) {
      for (const int64_t followed : ids_) {
        // Not everyone follows everyone.
        if (follower == followed || (follower + 2 * followed) % 7 == 0) continue;
        RETURN_IF_ERROR(ports_.actions.Follow(
            follower, followed, Ago(ports_.store, 5900 - static_cast<double>(followed) * 90)));
      }
    }
    return {};
  }

  Status Share(const SeedPost& post) {
    std::vector<Medium> media;
    for (const std::string_view name : post.pictures) {
      ASSIGN_OR_RETURN(Medium medium, Picture(name));
      media.push_back(std::move(medium));
    }
    ASSIGN_OR_RETURN(const int64_t id, ports_.actions.AddPost(ids_[post.who], post.text, media,
                                                              Ago(ports_.store, post.hours_ago)));
    double later = 0.4;
    for (const Line& line : post.comments) {
      RETURN_IF_ERROR(ports_.actions.AddComment(ids_[line.who], id, line.text,
                                                Ago(ports_.store, post.hours_ago - later)));
      later += 0.7;
    }
    for (const size_t who : post.likes) {
      RETURN_IF_ERROR(
          ports_.actions.Like(ids_[who], id, Ago(ports_.store, post.hours_ago - later)));
    }
    return {};
  }

  Status Tell(const SeedStory& story) {
    ASSIGN_OR_RETURN(const Medium medium, Picture(story.picture));
    RETURN_IF_ERROR(ports_.actions.AddStory(ids_[story.who], story.text, medium,
                                            Ago(ports_.store, story.hours_ago)));
    return {};
  }

  Status Converse(const seed::Talk& talk) {
    std::vector<int64_t> members;
    for (const size_t who : talk.members) members.push_back(ids_[who]);
    double hours = talk.begun_hours_ago;
    ASSIGN_OR_RETURN(const int64_t id, ports_.actions.OpenConversation(members, talk.title,
                                                                       Ago(ports_.store, hours)));
    for (const Line& line : talk.lines) {
      ASSIGN_OR_RETURN(const Medium medium, Picture(line.picture));
      RETURN_IF_ERROR(ports_.actions.AddMessage(ids_[line.who], id, line.text, medium,
                                                Ago(ports_.store, hours)));
      // Answers come soon, or a day later: not like a clock.
      hours -= talk.hours_between * (line.text.size() % 3 == 0 ? 1.4 : 0.6);
      hours = std::max(hours, 0.5);
    }
    return {};
  }

 private:
  // Nothing for no name, or where there are no pictures.
  Result<Medium> Picture(std::string_view name) {
    if (name.empty() || ports_.pictures.empty()) return Medium{};
    return ports_.media.Add(ports_.pictures / name);
  }

  const SeedPorts& ports_;
  std::vector<int64_t> ids_;
};

}  // namespace

std::vector<std::string> SeedPictures() {
  std::vector<std::string> names;
  for (const SeedMember& member : kMembers) names.emplace_back(member.picture);
  for (const SeedPost& post : kPosts)
    names.insert(names.end(), post.pictures.begin(), post.pictures.end());
  for (const SeedStory& story : kStories) names.emplace_back(story.picture);
  for (const seed::Talk& talk : seed::Talks()) {
    for (const Line& line : talk.lines) {
      if (!line.picture.empty()) names.emplace_back(line.picture);
    }
  }
  return names;
}

Status Seed(const SeedPorts& ports) {
  ASSIGN_OR_RETURN(const auto members, ports.store.Members());
  if (!members.empty()) return {};
  Seeder seeder(ports);
  RETURN_IF_ERROR(seeder.Members());
  if (ports.pictures.empty()) return {};
  for (const SeedPost& post : kPosts) RETURN_IF_ERROR(seeder.Share(post));
  for (const SeedStory& story : kStories) RETURN_IF_ERROR(seeder.Tell(story));
  for (const seed::Talk& talk : seed::Talks()) RETURN_IF_ERROR(seeder.Converse(talk));
  return {};
}

}  // namespace valise::host
