// Ce que l’archive a apporté, en français.
import type { Format } from './format';
import type { reportEnglish } from './messages_report_en';

export function reportFrench(f: Format): ReturnType<typeof reportEnglish> {
  return {
    takenIn: 'Votre archive est reprise',
    from: (date) => `archive du ${date}`,
    records: 'Ce que contenait l’archive',
    kind: 'Quoi',
    found: 'Trouvés',
    added: 'Nouveaux',
    merged: 'Complétés',
    already: 'Déjà là',
    missing: 'Manquants',
    otherKinds: { people: 'Personnes', profiles: 'Informations de profil', profile_changes: 'Profils antérieurs' },
    alreadyHere: 'Cette archive avait déjà été apportée : elle ne contenait rien de nouveau.',
    nothing: 'Il n’y avait rien à reprendre',
    nothingText: 'Si vous n’avez demandé au service qu’une partie de vos données, demandez-les toutes et apportez-les.',
    media: (n, added, already, size) =>
      `${f.plural(n, { one: 'photo ou vidéo', other: 'photos et vidéos', many: 'de photos et vidéos' })}, ${size} : ${added} en plus, ${already} déjà là.`,
    filesSum: (files, fates) => `Fichiers reçus : ${files}, dont ${fates}.`,
    fate: {
      parsed: 'lus',
      medium: 'photos, vidéos et sons',
      kept: 'gardés tels quels',
      duplicate: 'en double dans l’archive',
      junk: 'sans usage (laissés par un ordinateur)',
      broken: 'abîmés',
      redacted: 'oubliés à votre demande',
    },
    filledIn: (n) =>
      `${f.plural(n, { one: 'élément qui manquait est arrivé', other: 'éléments qui manquaient sont arrivés', many: 'd’éléments qui manquaient sont arrivés' })} avec cette archive.`,
    absent: (n) =>
      `${f.plural(n, { one: 'élément d’une archive antérieure n’est', other: 'éléments d’archives antérieures ne sont', many: 'd’éléments d’archives antérieures ne sont' })} plus dans celle-ci.`,
    absentText: 'Rien n’a été supprimé : tout cela reste ici, et chaque élément dit depuis quand.',
    keptTitle: 'Gardé tel que reçu',
    keptText:
      'Valise ne les montre pas encore. Ces fichiers sont gardés à l’octet près et figurent dans tout téléchargement complet.',
    category: {
      ads: 'Publicité',
      seen: 'Ce qui vous a été montré',
      inferred: 'Ce que le service déduit de vous',
      location: 'Où le service vous situe',
      security: 'Sécurité et connexions',
      settings: 'Réglages',
      apps_and_websites: 'Applications et sites web',
      shopping: 'Achats et paiements',
      contacts: 'Carnet d’adresses de votre téléphone',
      monetization: 'Dons, collectes et revenus',
      profile: 'À propos de votre profil',
      connections: 'À propos des abonnés et abonnements',
      messages: 'À propos des messages',
      posts: 'À propos des publications et stories',
      activity: 'Autres activités',
      threads: 'Threads',
      pages: 'Pages à lire dans un navigateur',
      other: 'Autres fichiers',
    },
    keptFiles: (files, size) => `${files}, ${size}`,
    noIssues: 'Tout ce qu’elle contient a été compris.',
    issuesTitle: 'Ce qu’il faut savoir',
    whichFiles: (n) => `Dans ${f.plural(n, { one: 'fichier', other: 'fichiers' })}`,
    moreFiles: (n) => `et ${f.number(n)} de plus`,
    moreIssues: (n) => `${f.number(n)} de plus sont comptés, mais pas détaillés ici.`,
    issues: {
      coarse_times: {
        what: 'Les heures ne sont connues qu’à la minute, et sans leur fuseau.',
        todo: 'Tout est là. Pour les heures exactes, demandez au service l’archive au format JSON et apportez-la aussi.',
      },
      damaged_file: {
        what: 'Un fichier est abîmé. Ce qui a pu en être lu est ici.',
        todo: 'Téléchargez de nouveau l’archive auprès du service et apportez-la : le fichier sera complété.',
      },
      entry_too_large: {
        what: 'Une entrée est plus longue que tout ce que le service écrit d’ordinaire.',
        todo: 'Rien n’est perdu : elle reste dans le fichier tel que reçu, et sera lue quand Valise l’aura apprise.',
      },
      invalid_json: {
        what: 'Une partie d’un fichier n’a pas pu être lue.',
        todo: 'Téléchargez de nouveau l’archive et apportez-la. Si cela persiste, le service l’a écrite ainsi ; le fichier est gardé tel que reçu.',
      },
      invalid_record: {
        what: 'Des lignes de ce téléchargement n’ont pas pu être lues : il est abîmé ou a été modifié.',
        todo: 'Redemandez le téléchargement là où il a été fait, et apportez-le.',
      },
      missing_media: {
        what: 'Des photos ou vidéos dont parle l’archive n’y sont pas.',
        todo: 'Demandez au service toutes vos données, depuis le début et en haute qualité, et apportez-les aussi, ou les parties qui manquent. Ce qui manque sera complété ; rien ne viendra en double.',
      },
      no_key: {
        what: 'Ce téléchargement a été modifié par un autre programme.',
        todo: 'Redemandez-le là où il a été fait, et apportez-le.',
      },
      not_understood: {
        what: 'Quelque chose que Valise ne connaît pas encore.',
        todo: 'Rien n’est perdu : cela reste dans le fichier tel que reçu, et sera lu quand Valise l’aura appris.',
      },
      perhaps_same: {
        what: 'Deux éléments n’en font peut-être qu’un.',
        todo: 'Comparez-les. Les deux sont ici ; rien n’a été mélangé.',
      },
      unknown_member: {
        what: 'Des détails que Valise ne connaît pas encore.',
        todo: 'Rien n’est perdu : ils restent dans le fichier tel que reçu, et seront lus quand Valise les aura appris.',
      },
      unreadable_file: {
        what: 'Un fichier n’a pas pu être ouvert.',
        todo: 'Si l’archive a été recompressée à la main, utilisez le ZIP tel que le service l’a remis ; sinon, téléchargez-la de nouveau. Puis apportez-la : le fichier sera complété.',
      },
      unreadable_times: {
        what: 'Ces pages montrent les dates d’une façon que Valise ne lit pas encore. Les entrées sont ici, sans date.',
        todo: 'Demandez au service l’archive au format JSON et apportez-la aussi : elle donne les heures exactes.',
      },
    },
  };
}
