// crypto/x509, of Go: see peer.h.
package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const host = "www.example.com"

var now = time.Unix(1780000000, 0)

// require ends the program: only what succeeds is measured.
func require(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func processorSeconds() float64 {
	var usage syscall.Rusage
	require(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func measure(what string, seconds float64, run func()) {
	run()
	for times := 1; ; times *= 2 {
		start := processorSeconds()
		for i := 0; i < times; i++ {
			run()
		}
		if spent := processorSeconds() - start; spent >= seconds {
			fmt.Printf("%s %.1f\n", what, spent*1e9/float64(times))
			return
		}
	}
}

func parse(der []byte) *x509.Certificate {
	parsed, err := x509.ParseCertificate(der)
	require(err)
	return parsed
}

func load(pem []byte) *x509.CertPool {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		require(fmt.Errorf("no roots"))
	}
	return pool
}

func verify(roots *x509.CertPool, leaf, intermediate *x509.Certificate) {
	pool := x509.NewCertPool()
	pool.AddCert(intermediate)
	_, err := leaf.Verify(x509.VerifyOptions{
		DNSName: host, Intermediates: pool, Roots: roots, CurrentTime: now})
	require(err)
}

func main() {
	read := func(suffix string) []byte {
		content, err := os.ReadFile(filepath.Join(os.Args[1], os.Args[2]+suffix))
		require(err)
		return content
	}
	leafDer, intermediateDer := read(".leaf.der"), read(".intermediate.der")
	pem := read(".roots.pem")
	seconds, err := strconv.ParseFloat(os.Args[3], 64)
	require(err)
	roots := load(pem)
	measure("verify", seconds, func() {
		verify(roots, parse(leafDer), parse(intermediateDer))
	})
	leaf, intermediate := parse(leafDer), parse(intermediateDer)
	measure("preparsed", seconds, func() { verify(roots, leaf, intermediate) })
	measure("parse", seconds, func() { parse(leafDer); parse(intermediateDer) })
	measure("load", seconds, func() { load(pem) })
}
