// What the invented members have written to each other.
#include "seed.h"

namespace valise::host::seed {
namespace {

constexpr size_t kMaya = 0, kLeon = 1, kInes = 2, kTom = 3, kYuki = 4;

const Talk kTalks[] = {
    {{kMaya, kTom},
     "",
     900,
     31,
     {
         {kMaya, "Did the sourdough survive the move?"},
         {kTom, "It did. It rose in the van somewhere near Swindon and escaped its jar."},
         {kMaya, "A free spirit."},
         {kTom, "Look at this one, though", "market-autumn-morning-41@900x900.jpg"},
         {kMaya, "Oh, that crust. Save me a slice for Thursday?"},
         {kTom, "Thursday is yours. The dog gets Friday."},
         {kMaya, "Water was 7 degrees this morning. I swam anyway."},
         {kTom, "You are not well 😄"},
         {kMaya, "I have never been better. Blue lips and all."},
         {kTom, "Send proof of life please"},
         {kMaya, "", "sea-winter-morning-42@900x1100.jpg"},
         {kTom, "That is a beautiful place to freeze."},
     }},
    {{kLeon, kInes},
     "",
     1400,
     40,
     {
         {kLeon, "Tu as retrouvé la pellicule de Trieste ?"},
         {kInes, "Oui ! Dans la boîte à semences, entre les capucines et les pois de senteur."},
         {kLeon, "Évidemment."},
         {kInes, "Je l’ai déposée au labo. Réponse vendredi."},
         {kLeon, "Je n’y crois plus mais j’espère quand même"},
         {kInes, "Les voilà. Regarde la troisième.", "harbour-summer-golden-43@1000x800.jpg"},
         {kLeon, "Le vieux port à l’heure dorée. Elle est vivante, cette image."},
         {kInes, "C’est ton œil. Moi je n’ai fait que la perdre."},
         {kLeon, "Et la retrouver 🙂"},
         {kInes, "Tu viens au jardin dimanche ? Il y aura du thé et des limaces."},
         {kLeon, "Pour le thé, oui. Pour les limaces je laisse faire les hérissons."},
         {kInes, "Dimanche 15 h alors. Apporte l’appareil."},
         {kLeon, "Toujours."},
     }},
    {{kYuki, kMaya},
     "",
     700,
     44,
     {
         {kYuki, "The paper arrived. It smells like a forest after rain."},
         {kMaya, "I hoped you would say that! It is from the mill by the lake."},
         {kYuki, "I will bind the first one for you. Blue thread or red?"},
         {kMaya, "Red. No, blue. You choose."},
         {kYuki, "Red with one blue stitch. 秘密 🧵"},
         {kMaya, "Perfect. I will fill it with glaze recipes and bad drawings."},
         {kYuki, "Here it is drying", "books-spring-day-44@1000x1000.jpg"},
         {kMaya, "I may cry a little. Thank you."},
     }},
    {{kMaya, kLeon, kInes, kTom, kYuki},
     "Lisbon in spring",
     500,
     13,
     {
         {kYuki, "So. Lisbon in April: who is in?"},
         {kTom, "Me, and possibly a sourdough."},
         {kInes, "Moi ! Je veux voir les jacarandas."},
         {kMaya, "In. Is the sea warm in April?"},
         {kYuki, "By your standards, tropical."},
         {kLeon, "Je prends le train de nuit jusqu’à Hendaye, puis on verra."},
         {kTom, "Léon, that is two days of trains."},
         {kLeon, "Two days of windows, you mean."},
         {kYuki, "My street, this morning", "street-spring-morning-45@900x1200.jpg"},
         {kInes, "Oh la lumière…"},
         {kMaya, "That settles it. Booking."},
         {kTom, "Someone has to walk the dog while I am away. Volunteers?"},
         {kInes, "Les limaces sont disponibles."},
         {kTom, "Tell them he bites."},
         {kYuki, "I found a room with five beds and a piano. Shall I?"},
         {kLeon, "Oui !"},
         {kMaya, "Yes!"},
         {kTom, "Yes, and I call the bed furthest from the piano."},
         {kInes, "Et moi le plus près 🎶"},
         {kYuki, "Done. 17 April, keys at six."},
     }},
    {{kTom, kLeon},
     "",
     300,
     20,
     {
         {kTom, "Which film did you use for the night ones?"},
         {kLeon, "Cinestill 800, pushed one stop. And a wall to lean on."},
         {kTom, "The wall is the secret, isn’t it"},
         {kLeon, "The wall is always the secret."},
         {kTom, "First try. Be gentle.", "night-winter-night-46@900x1100.jpg"},
         {kLeon, "But it’s lovely. Print it large and hang it near the oven."},
     }},
};

}  // namespace

std::span<const Talk> Talks() { return kTalks; }

}  // namespace valise::host::seed
