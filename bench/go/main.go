// The Go peer: Go's own map under the very workloads of GuardedMap.Bench.
//
//	go run . [rounds] [filter]   prints nanoseconds (or bytes) per operation
//	go run . -serve              answers one measurement per line of input: "<keys> <size> <operation>"
//
// The bench starts it with -serve and lets it take its turn in every round, so that it is divided by what Dictionary took in that very
// round. GOEXPERIMENT=noswissmap, at build time, selects the bucket map that Go had up to 1.23.
//
// What is done, and how often, must stay the same as in bench/GuardedMap.Bench/Ratios.cs.
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const warmUp = 100 * time.Millisecond

var (
	sizes      = []int{16, 1_000, 65_536, 1_000_000}
	operations = []string{"hit", "miss", "update", "insert", "remove", "iterate", "bytes"}
)

// sink keeps the compiler from dropping a lookup whose value nobody uses.
var sink int64

// keysPerPass is how many keys a pass over small maps has in all; see KeySet.cs for why small maps are not asked the same again and again.
const keysPerPass = 65_536

// workload holds the keys of one size: sets to fill maps with, the same sets in other orders, and lookups of keys of the first set and of absent ones.
type workload[K comparable] struct {
	fills, emptyings [][]K
	probes, absent   []K
}

func newWorkload[K comparable](size int, random *rand.Rand, key func(i int) K, another func(K) K) *workload[K] {
	keys := func() []K {
		made := make([]K, size)
		for i := range made {
			made[i] = key(i)
		}
		return made
	}
	w := &workload[K]{}
	for range max(1, keysPerPass/size) {
		fill := keys()
		emptying := slices.Clone(fill)
		shuffle(emptying, random)
		for i, k := range emptying {
			emptying[i] = another(k)
		}
		w.fills = append(w.fills, fill)
		w.emptyings = append(w.emptyings, emptying)
	}
	w.probes = lookups(w.emptyings[0], random)
	w.absent = lookups(keys(), random)
	return w
}

// lookups is a long random sequence of few keys, or many keys once each in random order.
func lookups[K any](keys []K, random *rand.Rand) []K {
	if len(keys) >= keysPerPass {
		all := slices.Clone(keys)
		shuffle(all, random)
		return all
	}
	drawn := make([]K, keysPerPass)
	for i := range drawn {
		drawn[i] = keys[random.Intn(len(keys))]
	}
	return drawn
}

func shuffle[K any](keys []K, random *rand.Rand) {
	random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
}

// fill makes a map without a size hint, as a caller who does not know the size would.
//
//go:noinline
func fill[K comparable](keys []K) map[K]int64 {
	m := map[K]int64{}
	for i, k := range keys {
		m[k] = int64(i)
	}
	return m
}

//go:noinline
func getAll[K comparable](m map[K]int64, keys []K) int64 {
	var sum int64
	for _, k := range keys {
		if v, ok := m[k]; ok {
			sum += v
		}
	}
	return sum
}

//go:noinline
func setAll[K comparable](m map[K]int64, keys []K) {
	for i, k := range keys {
		m[k] = int64(i)
	}
}

//go:noinline
func removeAll[K comparable](m map[K]int64, keys []K) {
	for _, k := range keys {
		delete(m, k)
	}
}

//go:noinline
func sumAll[K comparable](m map[K]int64) int64 {
	var sum int64
	for _, v := range m {
		sum += v
	}
	return sum
}

// measure gives nanoseconds, or live bytes, per operation.
func (w *workload[K]) measure(operation string) float64 {
	size := len(w.fills[0])
	repeats := max(1, 200_000/size)
	if operation == "iterate" {
		repeats = max(1, 1_000_000/size)
	}
	each := float64(repeats * size)
	switch operation {
	case "bytes":
		maps := make([]map[K]int64, len(w.fills))
		before := liveBytes()
		for i, keys := range w.fills {
			maps[i] = fill(keys)
		}
		after := liveBytes()
		runtime.KeepAlive(maps)
		return float64(after-before) / float64(len(maps)*size)
	case "insert":
		runtime.GC()
		start := time.Now()
		for repeat := range repeats {
			sink += int64(len(fill(w.fills[repeat%len(w.fills)])))
		}
		return float64(time.Since(start)) / each
	case "remove":
		var spent time.Duration
		for repeat := range repeats {
			set := repeat % len(w.fills)
			m := fill(w.fills[set])
			start := time.Now()
			removeAll(m, w.emptyings[set])
			spent += time.Since(start)
		}
		return float64(spent) / each
	}

	m := fill(w.fills[0])
	if size > 100_000 {
		runtime.GC()
	}
	passes := repeats
	if operation != "iterate" {
		passes = max(1, 200_000/len(w.probes))
		each = float64(passes * len(w.probes))
	}
	start := time.Now()
	for range passes {
		switch operation {
		case "hit":
			sink += getAll(m, w.probes)
		case "miss":
			sink += getAll(m, w.absent)
		case "update":
			setAll(m, w.probes)
		case "iterate":
			sink += sumAll(m)
		}
	}
	return float64(time.Since(start)) / each
}

func liveBytes() int64 {
	// Twice: what finalizers and the sweep of the first still hold is gone after the second.
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// measurer is a workload of any key type.
type measurer interface {
	measure(operation string) float64
}

// workloads makes each one when it is first asked for, and keeps only the last: a million strings must not weigh on the others.
type workloads struct {
	name string
	last measurer
}

func (all *workloads) get(keys string, size int) (measurer, error) {
	name := fmt.Sprint(keys, " ", size)
	if name == all.name {
		return all.last, nil
	}
	random := rand.New(rand.NewSource(20261121))
	switch keys {
	case "ulong":
		all.last = newWorkload(size, random, func(int) uint64 { return random.Uint64() >> 1 }, func(k uint64) uint64 { return k })
	case "string":
		all.last = newWorkload(size, random, func(i int) string { return fmt.Sprintf("item-%08x-%d", random.Int31(), i) }, strings.Clone)
	default:
		return nil, fmt.Errorf("no such keys: %q (ulong, string)", keys)
	}
	all.name = name
	return all.last, nil
}

func serve() error {
	var all workloads
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println(runtime.Version())
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 3 || !slices.Contains(operations, words[2]) {
			return fmt.Errorf("expected <keys> <size> <operation>, got %q", lines.Text())
		}
		size, err := strconv.Atoi(words[1])
		if err != nil || size < 1 {
			return fmt.Errorf("no size: %q", words[1])
		}
		w, err := all.get(words[0], size)
		if err != nil {
			return err
		}
		fmt.Println(strconv.FormatFloat(w.measure(words[2]), 'g', -1, 64))
	}
	return lines.Err()
}

func table(rounds int, filter string) error {
	var all workloads
	for _, keys := range []string{"ulong", "string"} {
		for _, size := range sizes {
			for _, operation := range operations {
				if !strings.Contains(fmt.Sprint(keys, " ", size, " ", operation), filter) {
					continue
				}
				w, err := all.get(keys, size)
				if err != nil {
					return err
				}
				for until := time.Now().Add(warmUp); time.Now().Before(until); {
					w.measure(operation)
				}
				times := make([]float64, rounds)
				for i := range times {
					times[i] = w.measure(operation)
				}
				fmt.Printf("%-8s%9d %-8s %s %7.2f\n", keys, size, operation, runtime.Version(), median(times))
			}
		}
	}
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

func run(args []string) error {
	if len(args) > 0 && args[0] == "-serve" {
		return serve()
	}
	rounds, filter := 9, ""
	if len(args) > 0 {
		given, err := strconv.Atoi(args[0])
		if err != nil || given < 1 {
			return fmt.Errorf("rounds must be a number above 0, not %q", args[0])
		}
		rounds = given
	}
	if len(args) > 1 {
		filter = args[1]
	}
	return table(rounds, filter)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
