// Judges a log's checkpoint and proofs with the Go team's own packages (golang.org/x/mod/sumdb).
//
// Standard input is a line of JSON for each thing to judge; standard output has one line for each,
// "yes" or "no" and why. Build with the Debian packages golang-go and golang-golang-x-mod-dev.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Kind    string   `json:"kind"`
	Note    string   `json:"note"`
	Key     string   `json:"key"`
	Proof   [][]byte `json:"proof"`
	Index   int64    `json:"index"`
	Old     int64    `json:"old"`
	Size    int64    `json:"size"`
	Leaf    []byte   `json:"leaf"`
	OldRoot []byte   `json:"old_root"`
	Root    []byte   `json:"root"`
}

func hash(data []byte) (out tlog.Hash, err error) {
	if len(data) != len(out) {
		return out, fmt.Errorf("a hash of %d bytes", len(data))
	}
	copy(out[:], data)
	return out, nil
}

func hashes(proof [][]byte) ([]tlog.Hash, error) {
	out := []tlog.Hash{}
	for _, part := range proof {
		one, err := hash(part)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func judge(q question) error {
	if q.Kind == "note" {
		verifier, err := note.NewVerifier(q.Key)
		if err != nil {
			return err
		}
		_, err = note.Open([]byte(q.Note), note.VerifierList(verifier))
		return err
	}
	proof, err := hashes(q.Proof)
	if err != nil {
		return err
	}
	root, err := hash(q.Root)
	if err != nil {
		return err
	}
	if q.Kind == "inclusion" {
		leaf, err := hash(q.Leaf)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(tlog.RecordProof(proof), q.Size, root, q.Index, leaf)
	}
	old, err := hash(q.OldRoot)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(proof), q.Size, root, q.Old, old)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		var q question
		err := json.Unmarshal(lines.Bytes(), &q)
		if err == nil {
			err = judge(q)
		}
		if err == nil {
			fmt.Println("yes")
		} else {
			fmt.Println("no:", err)
		}
	}
}
