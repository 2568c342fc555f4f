// Package kube talks to the API server, with a deadline for each call. It asks for exact paths, so it needs no
// discovery, and keeps only what the plugin uses of each object.
package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"slotkeeper.io/kubectl-slotkeeper/internal/model"
	"slotkeeper.io/kubectl-slotkeeper/internal/terminal"
)

// Manager is the field manager of what the plugin writes: it is in managedFields and in the audit log.
const Manager = "kubectl-slotkeeper"

// Options are those of kubectl that have the same meaning here.
type Options struct {
	Kubeconfig string
	Overrides  clientcmd.ConfigOverrides
	Timeout    time.Duration
	Version    string
}

// Client is connected to one cluster.
type Client struct {
	config    *rest.Config
	api       *rest.RESTClient
	timeout   time.Duration
	Namespace string
}

// New reads the kubeconfig; it connects to nothing yet.
func New(options Options, warnings io.Writer) (*Client, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = options.Kubeconfig
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &options.Overrides)
	config, err := loader.ClientConfig()
	if err != nil {
		return nil, Explained{Unreachable, "there is no cluster to connect to: " + err.Error(),
			"set KUBECONFIG, or give --kubeconfig and --context; `kubectl config get-contexts` lists them"}
	}
	namespace, _, err := loader.Namespace()
	if err != nil {
		return nil, Explained{Usage, "the kubeconfig names no namespace: " + err.Error(), "give one with -n"}
	}
	config.UserAgent = Manager + "/" + options.Version
	config.WarningHandler = quotedWarnings{warnings}
	// Several servers are asked at once; the API server has limits of its own.
	config.QPS, config.Burst = 50, 100
	config.GroupVersion = nil
	// Of all kinds, the client itself decodes only the one of errors.
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	api, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return nil, Explained{Unreachable, "the kubeconfig cannot be used: " + err.Error(), "correct the file, or name another with --kubeconfig"}
	}
	return &Client{config, api, options.Timeout, namespace}, nil
}

// quotedWarnings prints the warnings of the API server, which others may have written.
type quotedWarnings struct{ out io.Writer }

func (w quotedWarnings) HandleWarningHeader(code int, _ string, text string) {
	if code == 299 && text != "" {
		fmt.Fprintln(w.out, "Warning: "+terminal.Neutral(text))
	}
}

// Path is that of objects in the API. Each part is one segment: none can lead elsewhere.
type Path struct {
	segments []string
	query    url.Values
}

func core(namespace, resource string, name ...string) Path {
	return Path{segments: append([]string{"api", "v1", "namespaces", namespace, resource}, name...)}
}

func group(group, version, namespace, resource string, name ...string) Path {
	return Path{segments: append([]string{"apis", group, version, "namespaces", namespace, resource}, name...)}
}

func redises(namespace string, name ...string) Path {
	return group(model.Group, "v1alpha1", namespace, "redises", name...)
}

func (p Path) with(key, value string) Path {
	query := url.Values{}
	for name, values := range p.query {
		query[name] = values
	}
	query.Set(key, value)
	p.query = query
	return p
}

// request refuses a part that would lead to another path.
func (p Path) request(request *rest.Request) (*rest.Request, error) {
	for _, segment := range p.segments {
		if messages := rest.IsValidPathSegmentName(segment); len(messages) > 0 || segment == "" {
			return nil, Explained{Usage, "\"" + segment + "\" is no name of an object or namespace", "check the arguments and -n"}
		}
	}
	request = request.AbsPath(p.segments...)
	for name, values := range p.query {
		for _, value := range values {
			request = request.Param(name, value)
		}
	}
	return request, nil
}

// Get reads one object, or a list, as JSON.
func (c *Client) Get(ctx context.Context, path Path) ([]byte, error) {
	return c.get(ctx, path, "application/json")
}

// GetMetadata reads the metadata of objects alone: of a Secret, its data does not leave the API server.
func (c *Client) GetMetadata(ctx context.Context, path Path) ([]byte, error) {
	kind := "PartialObjectMetadata"
	return c.get(ctx, path, "application/json;as="+kind+";g=meta.k8s.io;v=v1")
}

func (c *Client) get(ctx context.Context, path Path, accept string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := path.request(c.api.Get())
	if err != nil {
		return nil, err
	}
	return answer(request.SetHeader("Accept", accept).Do(ctx))
}

// merge changes an object by a merge patch.
func (c *Client) merge(ctx context.Context, path Path, patch any) ([]byte, error) {
	body, err := json.Marshal(patch)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := path.with("fieldManager", Manager).request(c.api.Patch("application/merge-patch+json"))
	if err != nil {
		return nil, err
	}
	return answer(request.SetHeader("Content-Type", "application/merge-patch+json").Body(body).Do(ctx))
}

// answer is the body, or the error with what the API server says about it.
func answer(result rest.Result) ([]byte, error) {
	if err := result.Error(); err != nil {
		return nil, explain(err)
	}
	return result.Raw()
}

// decode reads JSON. A field of another type than expected is left out: an object that was stored under another schema
// must not hide everything else.
func decode[T any](body []byte) (T, error) {
	var object T
	err := json.Unmarshal(body, &object)
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		err = nil
	}
	if err != nil {
		return object, Explained{Unreachable, "the answer of the API server is no JSON: " + err.Error(), "look at what stands between you and it, such as a proxy"}
	}
	return object, nil
}

type list[T any] struct {
	Items []T `json:"items"`
}

func read[T any](ctx context.Context, c *Client, path Path) (T, error) {
	body, err := c.Get(ctx, path)
	if err != nil {
		var none T
		return none, err
	}
	return decode[T](body)
}

func readList[T any](ctx context.Context, c *Client, path Path) ([]T, error) {
	found, err := read[list[T]](ctx, c, path)
	return found.Items, err
}
