package kube

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Code is the exit code of a kind of failure.
type Code int

// The exit codes; docs/kubectl-plugin.md lists them.
const (
	Other        Code = 1
	Usage        Code = 2
	NotFound     Code = 3
	Forbidden    Code = 4
	Unreachable  Code = 5
	NotInstalled Code = 6
	Refused      Code = 7
	TimedOut     Code = 8
)

// Explained is an error that says what to do.
type Explained struct {
	Code Code
	What string
	Next string
}

func (e Explained) Error() string { return e.What + "\n" + e.Next }

// Is compares the kind alone.
func (e Explained) Is(other error) bool {
	another, same := other.(Explained)
	return same && another.Code == e.Code && another.What == ""
}

// Kind is an error of a kind, to compare with errors.Is.
func Kind(code Code) error { return Explained{Code: code} }

// explain turns an error of a request into one that says what to do.
func explain(err error) error {
	var explained Explained
	var status apierrors.APIStatus
	switch {
	case err == nil:
		return nil
	case errors.As(err, &explained):
		return err
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return Explained{Unreachable, "the API server did not answer in time",
			"check with `kubectl get --raw /readyz`, or give it longer with --request-timeout"}
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &status):
		return explainStatus(err)
	}
	var network *url.Error
	if errors.As(err, &network) {
		return Explained{Unreachable, "the API server cannot be reached: " + network.Err.Error(),
			"check the context (`kubectl config current-context`) and the network"}
	}
	return Explained{Unreachable, "the request failed: " + err.Error(), "check with `kubectl get --raw /readyz`"}
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

func explainStatus(err error) error {
	message := apierrors.APIStatus(nil)
	errors.As(err, &message)
	said := message.Status().Message
	switch {
	case apierrors.IsNotFound(err):
		return Explained{NotFound, "not found: " + said, "look at what there is with `kubectl slotkeeper list -A`"}
	case apierrors.IsUnauthorized(err):
		return Explained{Forbidden, "the API server does not accept your login: " + said, "log in again, or choose another --context or --user"}
	case apierrors.IsForbidden(err) && !strings.Contains(said, "cannot "):
		// A policy, a quota or the namespace that goes; RBAC says "cannot".
		return Explained{Refused, "the API server refuses it: " + said, "change what the message names"}
	case apierrors.IsForbidden(err):
		return Explained{Forbidden, "you do not have the right: " + said, "ask for the rights that docs/kubectl-plugin.md lists for this command"}
	case apierrors.IsInvalid(err), apierrors.IsBadRequest(err), apierrors.IsConflict(err):
		return Explained{Refused, "the API server refuses it: " + said + causes(message), "change what the message names"}
	case apierrors.IsTimeout(err), apierrors.IsServerTimeout(err), apierrors.IsTooManyRequests(err), apierrors.IsServiceUnavailable(err):
		return Explained{Unreachable, "the API server is busy: " + said, "try again in a moment"}
	}
	return Explained{Unreachable, "the API server reports an error: " + said, "check with `kubectl get --raw /readyz`"}
}

// causes are the fields that the message leaves out.
func causes(status apierrors.APIStatus) string {
	details := status.Status().Details
	if details == nil {
		return ""
	}
	var text strings.Builder
	for _, cause := range details.Causes {
		if cause.Field != "" && !strings.Contains(status.Status().Message, cause.Message) {
			text.WriteString("; " + field.NewPath(cause.Field).String() + ": " + cause.Message)
		}
	}
	return text.String()
}
