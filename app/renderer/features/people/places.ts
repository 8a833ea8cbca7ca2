// The places of a window that are about people, in the order of their ways. Names only.

export const PEOPLE_PLACES = ['people', 'queue', 'teams', 'members'] as const;
export type PeoplePlace = (typeof PEOPLE_PLACES)[number];

export function isPeoplePlace(at: string): at is PeoplePlace {
  return PEOPLE_PLACES.some((place) => place === at);
}
