;; Finds lines that are worth a look. Reads 16 bytes at a time; what it knows of lines it is told in tables, see line-kernel.ts.
;;
;; Memory:
;;      0  i32     start of the line that is reported, or of the unfinished one
;;      4  i32     the template that it matches, or -1
;;      8  i32     the template that matched last
;;     12  i32     how many templates there are
;;     16  i64     the sequence number that must come next
;;     24  i32     whether the line holds a word
;;     28  i32     how many words there are
;;     64  6*v128  what low and high halves of three neighbouring bytes tell about words, a bit for each of eight groups of words
;;   1024  templates, 160 bytes each: 64 bytes least values, 64 bytes of how much more a byte may be, i32 vectors of 16 that count,
;;         i32 lines that matched and were passed over, i32 start and i32 end of its sequence number (0: none)
;;   3584  words, 16 bytes each: i32 where its fingerprint is in it, i32 length, i32 address of its bytes, i32 unused; then their bytes
;;   8192  the text
(module
  (memory (export "memory") 8)

  ;; The template that a line's start matches, or -1.
  (func $match (param $start i32) (result i32)
    (local $k i32) (local $left i32) (local $count i32) (local $t i32) (local $at i32) (local $end i32)
    (local.set $k (i32.load (i32.const 8)))
    (local.set $count (i32.load (i32.const 12)))
    (local.set $left (local.get $count))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $left)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $t (i32.add (i32.const 1024) (i32.mul (local.get $k) (i32.const 160))))
        (local.set $at (local.get $start))
        (local.set $end (i32.add (local.get $start) (i32.shl (i32.load offset=128 (local.get $t)) (i32.const 4))))
        (block $differs
          (loop $vector
            (br_if $differs (i32.eqz (i8x16.all_true (i8x16.le_u
              (i8x16.sub (v128.load (local.get $at)) (v128.load (local.get $t)))
              (v128.load offset=64 (local.get $t))))))
            (local.set $t (i32.add (local.get $t) (i32.const 16)))
            (br_if $vector (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
          (i32.store (i32.const 8) (local.get $k))
          (return (local.get $k)))
        (local.set $k (i32.add (local.get $k) (i32.const 1)))
        (if (i32.ge_u (local.get $k) (local.get $count)) (then (local.set $k (i32.const 0))))
        (br $next)))
    (i32.const -1))

  ;; Whether a line that matches a template has the sequence number that must come next, or the template none; takes note of it.
  (func $follows (param $start i32) (param $t i32) (result i32)
    (local $at i32) (local $end i32) (local $number i64)
    (local.set $end (i32.load offset=140 (local.get $t)))
    (if (i32.eqz (local.get $end)) (then (return (i32.const 1))))
    (local.set $end (i32.add (local.get $end) (local.get $start)))
    (local.set $at (i32.add (local.get $start) (i32.load offset=136 (local.get $t))))
    (loop $digit
      (local.set $number (i64.add (i64.mul (local.get $number) (i64.const 10))
        (i64.extend_i32_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))))
      (br_if $digit (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end))))
    (if (i64.ne (local.get $number) (i64.load (i32.const 16))) (then (return (i32.const 0))))
    (i64.store (i32.const 16) (i64.add (local.get $number) (i64.const 1)))
    (i32.const 1))

  ;; Whether a word stands at one of 16 bytes from an address: a bit for each byte where one's fingerprint may be.
  (func $holds (param $at i32) (param $bits i32) (result i32)
    (local $word i32) (local $last i32) (local $text i32) (local $own i32) (local $end i32)
    (local.set $last (i32.add (i32.const 3584) (i32.shl (i32.load (i32.const 28)) (i32.const 4))))
    (loop $bit
      (if (i32.eqz (local.get $bits)) (then (return (i32.const 0))))
      (local.set $word (i32.const 3584))
      (loop $next
        (local.set $text (i32.sub (i32.add (local.get $at) (i32.ctz (local.get $bits))) (i32.load (local.get $word))))
        (local.set $own (i32.load offset=8 (local.get $word)))
        (local.set $end (i32.add (local.get $own) (i32.load offset=4 (local.get $word))))
        (block $differs
          (loop $byte
            (if (i32.ge_u (local.get $own) (local.get $end)) (then (return (i32.const 1))))
            (br_if $differs (i32.ne (i32.load8_u (local.get $text)) (i32.load8_u (local.get $own))))
            (local.set $text (i32.add (local.get $text) (i32.const 1)))
            (local.set $own (i32.add (local.get $own) (i32.const 1)))
            (br $byte)))
        (br_if $next (i32.lt_u (local.tee $word (i32.add (local.get $word) (i32.const 16))) (local.get $last))))
      (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
      (br $bit))
    (unreachable))

  ;; Takes where a line begins and where the text ends. Passes over lines that match a template and may hold no word; gives where
  ;; the first other one ends (its line feed), or -1 when there is none that is whole.
  (func (export "next") (param $start i32) (param $to i32) (result i32)
    (local $template i32) (local $t i32) (local $i i32) (local $end i32) (local $feeds i32) (local $held i32)
    (local $v v128) (local $w v128) (local $x v128) (local $found v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $e v128) (local $f v128)
    (local.set $a (v128.load (i32.const 64)))
    (local.set $b (v128.load (i32.const 80)))
    (local.set $c (v128.load (i32.const 96)))
    (local.set $d (v128.load (i32.const 112)))
    (local.set $e (v128.load (i32.const 128)))
    (local.set $f (v128.load (i32.const 144)))
    (block $out
      (loop $line
        (br_if $out (i32.ge_u (local.get $start) (local.get $to)))
        (local.set $template (call $match (local.get $start)))
        (local.set $held (i32.const 0))
        (local.set $i (local.get $start))
        (loop $vector
          (local.set $v (v128.load (local.get $i)))
          (local.set $w (v128.load offset=1 (local.get $i)))
          (local.set $x (v128.load offset=2 (local.get $i)))
          (local.set $found (v128.and
            (v128.and
              (v128.and
                (i8x16.swizzle (local.get $a) (v128.and (local.get $v) (i8x16.splat (i32.const 15))))
                (i8x16.swizzle (local.get $b) (i8x16.shr_u (local.get $v) (i32.const 4))))
              (v128.and
                (i8x16.swizzle (local.get $c) (v128.and (local.get $w) (i8x16.splat (i32.const 15))))
                (i8x16.swizzle (local.get $d) (i8x16.shr_u (local.get $w) (i32.const 4)))))
            (v128.and
              (i8x16.swizzle (local.get $e) (v128.and (local.get $x) (i8x16.splat (i32.const 15))))
              (i8x16.swizzle (local.get $f) (i8x16.shr_u (local.get $x) (i32.const 4))))))
          (local.set $feeds (i8x16.bitmask (i8x16.eq (local.get $v) (i8x16.splat (i32.const 10)))))
          (if (i32.eqz (local.get $feeds))
            (then
              (if (v128.any_true (local.get $found))
                (then (local.set $held (i32.or (local.get $held) (call $holds (local.get $i)
                  (i32.xor (i8x16.bitmask (i8x16.eq (local.get $found) (v128.const i64x2 0 0))) (i32.const 65535)))))))
              (br_if $vector (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $to)))
              (br $out)))
          (local.set $end (i32.add (local.get $i) (i32.ctz (local.get $feeds))))
          (br_if $out (i32.ge_u (local.get $end) (local.get $to)))
          ;; Only what stands before the line feed is of this line.
          (if (v128.any_true (local.get $found))
            (then (local.set $held (i32.or (local.get $held) (call $holds (local.get $i)
              (i32.and
                (i32.xor (i8x16.bitmask (i8x16.eq (local.get $found) (v128.const i64x2 0 0))) (i32.const 65535))
                (i32.sub (i32.and (local.get $feeds) (i32.sub (i32.const 0) (local.get $feeds))) (i32.const 1))))))))
          (local.set $t (i32.add (i32.const 1024) (i32.mul (local.get $template) (i32.const 160))))
          (if
            (if (result i32)
              (i32.or (local.get $held) (i32.or (i32.lt_s (local.get $template) (i32.const 0))
                (i32.gt_u (i32.sub (local.get $end) (local.get $start)) (i32.const 65536))))
              (then (i32.const 1))
              (else (i32.eqz (call $follows (local.get $start) (local.get $t)))))
            (then
              (i32.store (i32.const 0) (local.get $start))
              (i32.store (i32.const 4) (local.get $template))
              (i32.store (i32.const 24) (local.get $held))
              (return (local.get $end))))
          (i32.store offset=132 (local.get $t) (i32.add (i32.load offset=132 (local.get $t)) (i32.const 1)))
          (local.set $start (i32.add (local.get $end) (i32.const 1)))
          (br $line))))
    (i32.store (i32.const 0) (local.get $start))
    (i32.const -1)))
