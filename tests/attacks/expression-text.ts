import * as fc from 'fast-check'

/*
 * Random expressions over the rows of `tax`, as text: every permitted function on whatever another one gave. `$n`, `$t`,
 * `$d`, `$b` and `$i` stand for a number, a text, a date or time, a truth value and a whole number.
 */
type Kind = 'n' | 't' | 'd' | 'b' | 'i'

const listed = (text: string): readonly string[] => text.trim().split(/\s*\n\s*/)

const shapes: Readonly<Record<Kind, readonly string[]>> = {
  n: listed(`
    $n + $n
    $n - $n
    $n * $n
    $n / $n
    $n // $n
    $n % $n
    -($n)
    abs($n)
    round($n)
    round($n, -2)
    round($n, 3)
    floor($n)
    ceil($n)
    trunc($n)
    sign($n)
    sqrt($n)
    cbrt($n)
    exp($n)
    ln($n)
    log2($n)
    log10($n)
    log($n, $n)
    pow($n, $n)
    sin($n)
    cos($n)
    tan($n)
    asin($n)
    acos($n)
    atan($n)
    atan2($n, $n)
    degrees($n)
    radians($n)
    length($t)
    strlen($t)
    strpos($t, $t)
    year($d)
    quarter($d)
    month($d)
    week($d)
    day($d)
    dayofweek($d)
    isodow($d)
    dayofyear($d)
    isoyear($d)
    yearweek($d)
    decade($d)
    century($d)
    date_part('day', $d)
    date_diff('day', cast($d as date), period)
    date_diff('second', cast($d as timestamp), cast($d as timestamp))
    date_sub('year', cast($d as date), period)
    cast($d as date) - period
    cast($t as integer)
    cast($n as bigint)
    cast($n as tinyint)
    cast($t as double)
    cast($n as decimal(9,2))
    cast($t as decimal(38,10))
    cast($b as integer)
    coalesce($n, $n)
    greatest($n, $n)
    least($n, $n)
    nullif($n, $n)
    case when $b then $n else $n end
    try_cast($t as hugeint)
    cast($n as double)
    cast($n as hugeint)
    cast($n as decimal(38,0))
  `),
  i: ['late_days', 'cast($n as bigint)', 'cast($n as integer)', '3', '-1', 'length($t)'],
  t: listed(`
    upper($t)
    lower($t)
    reverse($t)
    trim($t)
    ltrim($t, '0a')
    left($t, $i)
    right($t, $i)
    substr($t, $i)
    substr($t, $i, $i)
    $t || $t
    concat($t, $n, $d)
    concat_ws('-', $t, $t)
    lpad($t, 7, '0')
    rpad($t, 300, 'é')
    replace($t, 'a', 'b')
    translate($t, 'abc', 'x')
    regexp_extract($t, '([0-9]+)', 1)
    cast($n as varchar)
    cast($d as varchar)
    cast($b as varchar)
    dayname($d)
    monthname($d)
    strftime($d, '%Y-%m-%d %H:%M:%S %f %j %U')
    coalesce($t, $t)
    case when $b then $t else $t end
    greatest($t, $t)
  `),
  d: listed(`
    cast($t as date)
    cast($t as timestamp)
    cast($d as timestamp)
    cast($d as date)
    date_trunc('month', $d)
    date_trunc('decade', $d)
    date_trunc('hour', cast($d as timestamp))
    last_day($d)
    make_date($i, $i, $i)
    cast($d as date) + interval 1 month
    $d - interval 9999 year
    cast($d as timestamp) + interval '999999 days'
    cast($d as date) + cast($i as integer)
    cast($d as date) - cast($i as integer)
    strptime($t, '%Y-%m-%d')
    coalesce(cast($d as timestamp), cast($d as timestamp))
  `),
  b: listed(`
    $n < $n
    $n = $n
    $t = $t
    $t < $t
    $t like 'a%_\\%'
    $t ilike '%A%'
    cast($d as timestamp) < cast($d as timestamp)
    contains($t, $t)
    starts_with($t, $t)
    ends_with($t, $t)
    regexp_matches($t, '^(a|b)*[0-9]+')
    $t in ('a', 'nan', $t)
    $n between $n and $n
    not ($b)
    ($b) and ($b)
    ($b) or ($b)
    ($n) is null
    isnan(cast($n as double))
    isinf(cast($n as double))
    isfinite(cast($n as double))
    $t = $n
    cast($t as boolean)
    cast($n as boolean)
    $n is distinct from $n
  `),
}

const leaves: Readonly<Record<Kind, readonly string[]>> = {
  n: ['amount', 'late_days', '0', '-1', '2.5', '1e300', '9223372036854775807'],
  i: ['late_days', '3', '-2', '9223372036854775807'],
  t: ['kind', "'2024-02-30'", "''", "'1e400'"],
  d: ['period', "date '9999-12-31'", "timestamp '0001-01-01 00:00:00'"],
  b: ['late_days > 0', 'kind is null', 'true'],
}

const expressionText = (draw: fc.GeneratorValue, kind: Kind, depth: number): string => {
  const pick = (list: readonly string[]): string => list[draw(fc.nat, { max: list.length - 1 })]!
  if (depth === 0) return pick(leaves[kind])
  return pick(shapes[kind]).replaceAll(
    /\$([ntdbi])/g,
    (_, part: Kind) => `(${expressionText(draw, part, depth - 1)})`,
  )
}

/** Each shape once, its parts drawn. */
export const everyShape = (draw: fc.GeneratorValue, depth: number): readonly string[] =>
  (Object.keys(shapes) as readonly Kind[]).flatMap((kind) =>
    shapes[kind].map((shape) =>
      shape.replaceAll(
        /\$([ntdbi])/g,
        (_, part: Kind) => `(${expressionText(draw, part, depth - 1)})`,
      ),
    ),
  )
